import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { TyraxError } from '../../errors/tyrax-error.js'
import { hashThreadCode } from './hash-thread-code.js'

/** How a hash begins: with bytes that are handed to it, or with a file that is still being written. */
export interface ThreadWork {
  /** Glance's names, and OpenSSL's. */
  readonly names: readonly (readonly [algorithm: string, name: string])[]
  readonly fd?: number
  readonly readBytes?: number
}

/** Glance's name of an algorithm, and its digest. */
export type Digests = readonly (readonly [algorithm: string, digest: string])[]

/** Who asked for it. */
export interface ThreadOwner {
  done(digests: Digests): void
  /** It cannot be gone on with. At most once. */
  fail(error: Error): void
}

/** One hash, on a thread that it may share with others. */
export interface ThreadHash {
  /** How many bytes are hashed, as far as is known. */
  readonly at: number
  /** These bytes belong at `at`. Resolves when the thread looks at them no more: hashed, failed or closed. */
  hand(at: number, bytes: Uint8Array<SharedArrayBuffer>): Promise<void>
  post(message: object): void
  /** Resolves when the thread touches nothing of it any more. Safe twice. */
  close(): Promise<void>
}

/** Threads for as many hashes as there are transfers: no more of them than processors, and none while there is no hash. */
export interface HashThreads {
  open(work: ThreadWork, owner: ThreadOwner): ThreadHash
}

/** What a thread says of one hash. */
interface Answer {
  readonly id: number
  /** How far it has come. */
  readonly at?: number
  readonly digests?: Digests
  readonly error?: string
  readonly closed?: true
}

/** What is to be hashed of one owner. */
interface Job {
  readonly owner: ThreadOwner
  at: number
  handed: readonly { readonly end: number; readonly resolve: () => void }[]
}

interface Thread {
  readonly worker: Worker
  readonly jobs: Map<number, Job>
  readonly closing: Map<number, () => void>
}

/** More than these would only take memory: together they are faster than a fast network. */
const mostThreads = 8

function tell({ worker }: Thread, message: object): void {
  worker.postMessage(message, [])
}

/** Nothing of it that lies before is looked at any more. */
function passed(job: Job, at: number): void {
  for (const { end, resolve } of job.handed) if (end <= at) resolve()
  job.handed = job.handed.filter(({ end }) => end > at)
}

function fail(job: Job, error: Error): void {
  passed(job, Number.POSITIVE_INFINITY)
  job.owner.fail(error)
}

export function createHashThreads(most: number = Math.min(availableParallelism(), mostThreads)): HashThreads {
  const threads: Thread[] = []
  let lastId = 0

  const start = (): Thread => {
    const worker = new Worker(hashThreadCode, { eval: true, execArgv: [] })
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
      if (error !== undefined) fail(job, new TyraxError(error))
    })
    const failAll = (cause: unknown) => {
      forget(thread)
      const error = new TyraxError('the hashing thread ended unexpectedly', { cause })
      for (const job of thread.jobs.values()) fail(job, error)
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
    const idlest = threads.toSorted((a, b) => a.jobs.size - b.jobs.size)[0]
    return idlest && threads.length >= most ? idlest : start()
  }
  const close = async (thread: Thread, id: number, job: Job) => {
    const isLast = thread.jobs.size === 1 && thread.closing.size === 0
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
      if (thread.jobs.size === 0) await end(thread)
    }
    passed(job, Number.POSITIVE_INFINITY)
  }

  return {
    open(work, owner) {
      const thread = choose()
      const job: Job = { owner, at: 0, handed: [] }
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
          // Not the view: Deno walks a posted view byte by byte.
          post({ at, memory: bytes.buffer, offset: bytes.byteOffset, length: bytes.byteLength })
          return new Promise((resolve) => {
            job.handed = [...job.handed, { end: at + bytes.byteLength, resolve }]
          })
        },
        post,
        close: () => (closed ??= close(thread, id, job)),
      }
    },
  }
}
