import { Worker } from 'node:worker_threads'

export type HashName = 'md5' | 'sha512'

/** Hashes of one stream of bytes, each on a thread of its own. */
export interface HashSession {
  /** Resolves when every thread is done with the bytes: until then they must not change. */
  update(bytes: Uint8Array<SharedArrayBuffer>): Promise<void>
  /** Lower-case hex by name. Ends the session. */
  digest(): Promise<Readonly<Partial<Record<HashName, string>>>>
  /** Ends the session without a result. */
  abandon(): void
}

export interface HashThreads {
  start(names: readonly HashName[]): HashSession
  /** Ends the threads. Sessions that are still open fail. */
  close(): Promise<void>
}

/**
 * One thread per hash, started with the first session that needs it: MD5 and SHA-512 side by side, beside the thread
 * that moves the bytes, are what makes an upload fast. Memory is shared, never copied.
 */
export function createHashThreads(): HashThreads {
  const threads = new Map<HashName, HashThread>()
  let sessions = 0
  const threadOf = (name: HashName): HashThread => {
    const running = threads.get(name)
    if (running?.isAlive()) return running
    const thread = startThread(name)
    threads.set(name, thread)
    return thread
  }
  return {
    start(names) {
      sessions += 1
      const id = sessions
      const used = names.map((name) => ({ name, thread: threadOf(name) }))
      return {
        async update(bytes) {
          // Not the view: Deno walks a posted view byte by byte.
          const { buffer: memory, byteOffset: offset, byteLength: length } = bytes
          await Promise.all(used.map(({ thread }) => thread.ask({ id, memory, offset, length })))
        },
        async digest() {
          const digests = await Promise.all(
            used.map(async ({ name, thread }) => [name, await thread.ask({ id, end: 'digest' })] as const),
          )
          return Object.fromEntries(digests)
        },
        abandon() {
          for (const { thread } of used) thread.tell({ id, end: 'abandon' })
        },
      }
    },
    async close() {
      const ending = [...threads.values()].map((thread) => thread.end())
      threads.clear()
      await Promise.all(ending)
    },
  }
}

type Question =
  | {
      readonly id: number
      readonly memory: SharedArrayBuffer
      readonly offset: number
      readonly length: number
    }
  | { readonly id: number; readonly end: 'digest' | 'abandon' }

interface HashThread {
  isAlive(): boolean
  ask(question: Question): Promise<string>
  tell(question: Question): void
  end(): Promise<void>
}

/** The thread answers in the order it was asked, so that answers need no address. */
function startThread(name: HashName): HashThread {
  // From text, so that it needs no file of its own: it works from sources, from a build and from one bundled
  // file; and without `require`, so that it does whether the process takes text for a module or for a script.
  const worker = new Worker(threadSource, { eval: true, workerData: name, execArgv: [] })
  const waiting: { readonly resolve: (answer: string) => void; readonly reject: (error: Error) => void }[] = []
  let failure: Error | undefined
  const fail = (error: Error) => {
    failure ??= error
    for (const { reject } of waiting.splice(0)) reject(failure)
  }
  worker.on('message', (answer: string) => {
    waiting.shift()?.resolve(answer)
    if (waiting.length === 0) worker.unref()
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error(`the thread that computes ${name} ended unexpectedly`)))
  // Idle threads must not keep the process from ending.
  worker.unref()
  return {
    isAlive: () => failure === undefined,
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure)
        waiting.push({ resolve, reject })
        worker.ref()
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        worker.postMessage(question)
      }),
    tell(question) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      if (failure === undefined) worker.postMessage(question)
    },
    async end() {
      await worker.terminate()
    },
  }
}

const threadSource = `
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads')
  const { createHash } = process.getBuiltinModule('node:crypto')
  const hashes = new Map()
  parentPort.on('message', ({ id, memory, offset, length, end }) => {
    if (end === 'abandon') return void hashes.delete(id)
    let hash = hashes.get(id)
    if (hash === undefined) hashes.set(id, (hash = createHash(workerData)))
    if (end === undefined) {
      hash.update(new Uint8Array(memory, offset, length))
      return parentPort.postMessage('')
    }
    hashes.delete(id)
    parentPort.postMessage(hash.digest('hex'))
  })
`
