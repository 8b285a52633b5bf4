import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { TyraxError } from '../../errors/tyrax-error.js'
import { hashThreadCode } from './hash-thread-code.js'

/** What a thread says of one hash. */
export interface ThreadAnswer {
  readonly block?: ArrayBuffer
  /** How far it has come in a file, and the memory that it needs no more. */
  readonly at?: number
  readonly buffers?: readonly ArrayBuffer[]
  readonly digests?: readonly (readonly [algorithm: string, digest: string])[]
}

/** How a hash begins: with blocks of bytes, or with a file that is still being written. */
export interface ThreadWork {
  /** Glance's names, and OpenSSL's. */
  readonly names: readonly (readonly [algorithm: string, name: string])[]
  readonly fd?: number
  readonly readBytes?: number
}

/** Who asked for it. */
export interface ThreadOwner {
  answer(answer: ThreadAnswer): void
  /** It cannot be gone on with. At most once. */
  fail(error: Error): void
}

/** One hash, on a thread that it may share with others. */
export interface ThreadHash {
  post(message: object, transfer?: readonly ArrayBuffer[]): void
  /** Resolves when the thread touches nothing of it any more. Safe twice. */
  close(): Promise<void>
}

/** Threads for as many hashes as there are transfers: no more of them than processors, and none while there is no hash. */
export interface HashThreads {
  open(work: ThreadWork, owner: ThreadOwner): ThreadHash
}

interface Thread {
  readonly worker: Worker
  readonly owners: Map<number, ThreadOwner>
  readonly closing: Map<number, () => void>
}

/** More than these would only take memory: together they are faster than a fast network. */
const mostThreads = 8

function tell({ worker }: Thread, message: object, transfer: readonly ArrayBuffer[] = []): void {
  worker.postMessage(message, transfer)
}

export function createHashThreads(most: number = Math.min(availableParallelism(), mostThreads)): HashThreads {
  const threads: Thread[] = []
  let lastId = 0

  const start = (): Thread => {
    const worker = new Worker(hashThreadCode, { eval: true, execArgv: [] })
    const thread: Thread = { worker, owners: new Map(), closing: new Map() }
    worker.on('message', (message: ThreadAnswer & { id: number; error?: string; closed?: true }) => {
      if (message.closed) thread.closing.get(message.id)?.()
      else if (message.error === undefined) thread.owners.get(message.id)?.answer(message)
      else thread.owners.get(message.id)?.fail(new TyraxError(message.error))
    })
    const failAll = (cause: unknown) => {
      forget(thread)
      const error = new TyraxError('the thread that hashes ended before its time', { cause })
      for (const owner of thread.owners.values()) owner.fail(error)
      for (const closed of thread.closing.values()) closed()
    }
    worker.on('error', failAll)
    worker.on('exit', (code) => failAll(new Error(`exit code ${code}`)))
    threads.push(thread)
    return thread
  }
  const forget = (thread: Thread) => {
    const at = threads.indexOf(thread)
    if (at !== -1) threads.splice(at, 1)
  }
  const end = async (thread: Thread) => {
    forget(thread)
    thread.worker.removeAllListeners()
    thread.worker.on('error', () => undefined)
    await thread.worker.terminate()
  }
  /** The least busy, or another while there may be more. */
  const choose = (): Thread => {
    const idlest = threads.toSorted((a, b) => a.owners.size - b.owners.size)[0]
    return idlest && threads.length >= most ? idlest : start()
  }
  const close = async (thread: Thread, id: number) => {
    const isLast = thread.owners.size === 1 && thread.closing.size === 0
    if (isLast || !threads.includes(thread)) {
      thread.owners.delete(id)
      await end(thread)
      return
    }
    const closed = new Promise<void>((resolve) => {
      thread.closing.set(id, resolve)
    })
    tell(thread, { id, close: true })
    await closed
    thread.closing.delete(id)
    thread.owners.delete(id)
    if (thread.owners.size === 0) await end(thread)
  }

  return {
    open(work, owner) {
      const thread = choose()
      lastId += 1
      const id = lastId
      thread.owners.set(id, owner)
      tell(thread, { id, ...work })
      let closed: Promise<void> | undefined
      return {
        post: (message, transfer) => tell(thread, { id, ...message }, transfer),
        close: () => (closed ??= close(thread, id)),
      }
    },
  }
}
