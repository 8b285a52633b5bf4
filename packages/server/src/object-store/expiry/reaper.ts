import type { BlobStore } from '../../blobs/blob-store.js'
import { takeTurn } from '../../http/turns.js'
import type { Logger } from '../../log.js'
import type { ObjectRepository } from '../objects/object-repository.js'

/** Removes objects and their bytes once they have expired (swift/obj/expirer.py). */
export interface Reaper {
  /** Looks for the next object to expire: at the start, and after an object has got an expiry. */
  wake(): void
  /** Ends it, after the object that it is removing. */
  close(): Promise<void>
}

interface ReaperParts {
  readonly objects: Pick<ObjectRepository, 'nextExpiry' | 'expired' | 'removeExpired'>
  readonly blobs: BlobStore
  readonly nowMs: () => number
  readonly log: Logger
}

/** The longest that it waits, as the clock may be set meanwhile; and after a failure. */
const longestWaitMs = 60_000
const atOnce = 100

export function createReaper({ objects, blobs, nowMs, log }: ReaperParts): Reaper {
  let timer: NodeJS.Timeout | undefined
  let dueMs = Infinity
  let isClosed = false
  let running: Promise<void> | undefined

  const schedule = (atMs: number) => {
    if (isClosed || atMs >= dueMs) return
    clearTimeout(timer)
    dueMs = atMs
    timer = setTimeout(run, Math.min(Math.max(atMs - nowMs(), 0), longestWaitMs)).unref()
  }

  const wake = () => {
    if (running !== undefined || isClosed) return
    const next = objects.nextExpiry()
    if (next !== undefined) schedule(next * 1000)
  }

  const run = () => {
    dueMs = Infinity
    running ??= reap()
      .catch((error: unknown) => {
        log.error({ error }, 'expired objects could not be removed')
        schedule(nowMs() + longestWaitMs)
      })
      .finally(() => {
        running = undefined
        wake()
      })
  }

  const reap = async () => {
    for (let due = objects.expired(nowMs(), atOnce); due.length > 0; due = objects.expired(nowMs(), atOnce)) {
      for (const at of due) {
        await takeTurn()
        if (isClosed) return
        const blob = objects.removeExpired(at, nowMs())
        if (blob !== undefined) await blobs.delete(blob)
      }
    }
  }

  return {
    wake,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await running
    },
  }
}
