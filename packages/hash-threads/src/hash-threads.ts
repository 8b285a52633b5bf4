import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { threadCode } from './thread-code.js'

/** How a hash begins: with bytes that are passed to it, or with a file that is still being written. */
export interface ThreadWork {
  /** Glance's and OpenSSL's names. */
  readonly names: readonly (readonly [algorithm: string, name: string])[]
  readonly fd?: number
  readonly readBytes?: number
}

/** Glance's name of an algorithm, and its digest. */
export type Digests = readonly (readonly [algorithm: string, digest: string])[]

/** The caller that opened the hash. */
export interface ThreadOwner {
  done(digests: Digests): void
  /** The hash cannot continue. Called at most once. */
  fail(error: Error): void
}

/** A hash on a thread that it may share with others. */
export interface ThreadHash {
  /** How many bytes have been hashed, as last reported. */
  readonly at: number
  /** Passes the bytes at offset `at`. Resolves when the thread no longer reads them: hashed, failed or closed. */
  hand(at: number, bytes: Uint8Array<SharedArrayBuffer>): Promise<void>
  post(message: object): void
  /** Resolves when the thread no longer uses anything of the hash. Can be called twice. */
  close(): Promise<void>
}

/** Threads for any number of concurrent hashes, started when they are needed. */
export interface HashThreads {
  open(work: ThreadWork, owner: ThreadOwner): ThreadHash
  /** Ends the threads. Hashes that are still open fail. */
  close(): Promise<void>
}

export interface HashThreadsOptions {
  /** The largest number of threads. @default one for each processor, up to eight */
  readonly most?: number
  /**
   * How long an unused thread waits for the next hash, in milliseconds, without keeping the process alive. @default 0
   */
  readonly lingerMs?: number
}

/** A message from a thread about one hash. */
interface Answer {
  readonly id: number
  /** How many bytes have been hashed. */
  readonly at?: number
  readonly digests?: Digests
  readonly error?: string
  readonly closed?: true
}

/** One hash and its owner. */
interface Job {
  readonly owner: ThreadOwner
  at: number
  /** Failed or closed: no thread reads its bytes any more. */
  isOver: boolean
  handed: readonly { readonly end: number; readonly resolve: () => void }[]
}

interface Thread {
  readonly worker: Worker
  readonly jobs: Map<number, Job>
  readonly closing: Map<number, () => void>
  /** Ends the thread, unless another hash comes first. */
  lingering?: NodeJS.Timeout | undefined
  /** Resolves when it has ended. */
  ended?: Promise<void> | undefined
}

/** More threads would only use more memory: together these are faster than a fast network. */
const mostThreads = 8

function tell({ worker }: Thread, message: object): void {
  worker.postMessage(message, [])
}

/** Resolves the pieces before `at`: they are no longer read. */
function passed(job: Job, at: number): void {
  for (const { end, resolve } of job.handed) if (end <= at) resolve()
  job.handed = job.handed.filter(({ end }) => end > at)
}

function fail(job: Job, error: Error): void {
  job.isOver = true
  passed(job, Number.POSITIVE_INFINITY)
  job.owner.fail(error)
}

export function createHashThreads({
  most = Math.min(availableParallelism(), mostThreads),
  lingerMs = 0,
}: HashThreadsOptions = {}): HashThreads {
  const threads: Thread[] = []
  let lastId = 0

  const start = (): Thread => {
    const worker = new Worker(threadCode, { eval: true, execArgv: [] })
    const thread: Thread = { worker, jobs: new Map(), closing: new Map() }
    worker.on('message', ({ id, at, digests, error, closed }: Answer) => {
      if (closed) thread.closing.get(id)?.()
      const job = thread.jobs.get(id)
      if (!job) return
      if (at !== undefined) {
        job.at = at
        passed(job, at)
      }
      if (digests) job.owner.done(digests)
      if (error !== undefined) fail(job, new Error(error))
    })
    worker.on('error', (cause) => failAll(thread, cause))
    worker.on('exit', (code) => failAll(thread, new Error(`exit code ${code}`)))
    threads.push(thread)
    return thread
  }
  const failAll = (thread: Thread, cause: unknown) => {
    forget(thread)
    const error = new Error('the hashing thread ended unexpectedly', { cause })
    for (const job of thread.jobs.values()) fail(job, error)
    for (const closed of thread.closing.values()) closed()
  }
  const forget = (thread: Thread) => {
    const at = threads.indexOf(thread)
    if (at !== -1) threads.splice(at, 1)
  }
  const terminate = async (thread: Thread) => {
    forget(thread)
    clearTimeout(thread.lingering)
    thread.worker.removeAllListeners()
    thread.worker.on('error', () => undefined)
    await thread.worker.terminate()
  }
  // Once: removing the listeners again would remove the one that terminating waits for.
  const end = (thread: Thread) => (thread.ended ??= terminate(thread))
  /** The least busy thread, or a new one while more are allowed. */
  const choose = (): Thread => {
    const idlest = threads.toSorted((a, b) => a.jobs.size - b.jobs.size)[0]
    if (!idlest || (idlest.jobs.size > 0 && threads.length < most)) return start()
    clearTimeout(idlest.lingering)
    idlest.worker.ref()
    return idlest
  }
  /** An idle thread must not keep the process alive. */
  const rest = async (thread: Thread) => {
    if (lingerMs === 0) return end(thread)
    thread.worker.unref()
    clearTimeout(thread.lingering)
    thread.lingering = setTimeout(() => void end(thread), lingerMs).unref()
  }
  const close = async (thread: Thread, id: number, job: Job) => {
    job.isOver = true
    const isLast = lingerMs === 0 && thread.jobs.size === 1 && thread.closing.size === 0
    if (isLast || !threads.includes(thread)) {
      thread.jobs.delete(id)
      await end(thread)
    } else {
      const closed = new Promise<void>((resolve) => {
        thread.closing.set(id, resolve)
      })
      tell(thread, { id, close: true })
      await closed
      thread.closing.delete(id)
      thread.jobs.delete(id)
      if (thread.jobs.size === 0 && threads.includes(thread)) await rest(thread)
    }
    passed(job, Number.POSITIVE_INFINITY)
  }

  return {
    open(work, owner) {
      const thread = choose()
      const job: Job = { owner, at: 0, isOver: false, handed: [] }
      lastId += 1
      const id = lastId
      thread.jobs.set(id, job)
      const post = (message: object) => tell(thread, { id, ...message })
      post(work)
      let closed: Promise<void> | undefined
      return {
        get at() {
          return job.at
        },
        hand(at, bytes) {
          if (job.isOver) return Promise.resolve()
          // Posts the buffer instead of the view: Deno processes a posted view byte by byte.
          post({ at, memory: bytes.buffer, offset: bytes.byteOffset, length: bytes.byteLength })
          return new Promise((resolve) => {
            job.handed = [...job.handed, { end: at + bytes.byteLength, resolve }]
          })
        },
        post,
        close: () => (closed ??= close(thread, id, job)),
      }
    },
    async close() {
      await Promise.all(
        [...threads].map(async (thread) => {
          await end(thread)
          failAll(thread, new Error('the threads were closed'))
        }),
      )
    },
  }
}
