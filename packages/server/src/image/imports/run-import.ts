import type { Caller } from '../../context.js'
import { asRefusal } from '../data/received-bytes.js'
import type { ImageRecord } from '../images/image-record.js'
import type { ServerChange } from '../images/server-change.js'
import type { ImageParts } from '../parts.js'
import type { TaskOutcome } from '../tasks/task-repository.js'
import type { RunningTask } from '../tasks/task-service.js'
import { abortIfLost, ImageLost, storeLists, storesIn, type HeldImage } from './held-image.js'
import type { ImportRequest } from './import-request.js'
import type { ImportMethod } from './methods/import-method.js'
import { readyBytes, type ReadyBytes } from './store-bytes.js'

/** One import: what was asked for, and by whom. */
export interface Import {
  readonly method: ImportMethod
  readonly request: ImportRequest
  readonly caller: Caller
  /** Null: the one unnamed store. */
  readonly stores: readonly (string | null)[]
}

/**
 * Runs an import (glance/async_/flows/api_image_import.py). The image is `importing` meanwhile, and then `active`; after
 * a failure it is `queued` again without data. An image that gets further copies stays active.
 * @throws ImageLost when the image was deleted meanwhile
 */
export async function runImport(
  job: Import,
  held: HeldImage,
  running: RunningTask,
  parts: Pick<ImageParts, 'blobs' | 'config' | 'usage'>,
): Promise<TaskOutcome> {
  const { method, stores, request, caller } = job
  const before = held.read()
  held.change({
    ...(method.addsCopies !== true && { status: 'importing' }),
    properties: storeLists({
      importing: [...storesIn(before, 'importing'), ...stores],
      failed: without(storesIn(before, 'failed'), stores),
    }),
  })
  let ready: ReadyBytes | undefined
  const { signal, stop } = abortIfLost(running.signal, held)
  try {
    signal.throwIfAborted()
    const image = held.read()
    requireQuota(job, image, parts)
    const source = await method.open({ image, fields: request.method, caller, signal })
    ready = await readyBytes(source, { parts, image, signal, onProgress: reportProgress(running) })
    return await putIntoStores(job, ready, held, signal)
  } catch (error) {
    const outcome: TaskOutcome = { status: 'failure', message: messageOf(error) }
    await held.discard(held.end(stepAfterFailure(job, held.read(), before, error), outcome))
    return outcome
  } finally {
    stop()
    await ready?.discard()
  }
}

/** The size of staged bytes is known; other ones go through the staging area first. */
function requireQuota({ method, caller }: Import, image: ImageRecord, { usage }: Pick<ImageParts, 'usage'>): void {
  const bytes = image.size ?? 0
  if (method.usesStaged === true) return usage.requireSizeTotal(caller, bytes)
  usage.requireStageTotal(caller, bytes)
  usage.requireCountUploading(caller)
}

/** Puts the bytes into one store after the other; the change of the last one ends the task. */
async function putIntoStores(
  { stores, request }: Import,
  ready: ReadyBytes,
  held: HeldImage,
  signal: AbortSignal,
): Promise<TaskOutcome> {
  const outcome: TaskOutcome = { status: 'success', result: { image_id: held.id } }
  const failed: (string | null)[] = []
  const take = (step: ServerChange, isLast: boolean) => (isLast ? held.end(step, outcome) : held.change(step))
  for (const [index, store] of stores.entries()) {
    const isLast = index === stores.length - 1
    const isFirst = index === failed.length
    try {
      await ready.put(store, (put) => {
        const isActive = ready.data !== undefined && (request.allMustSucceed ? isLast : isFirst)
        const activation: ServerChange = isActive ? { status: 'active', data: ready.data } : {}
        const properties = { ...put.properties, ...listsWithout(held.read(), [store], failed) }
        take({ ...put, ...activation, properties }, isLast)
      })
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof ImageLost) throw error
      if (request.allMustSucceed) throw new StoreFailed(store, error)
      failed.push(store)
      if (failed.length === stores.length) throw new Error('None of the uploads finished!', { cause: error })
      take({ properties: listsWithout(held.read(), [store], failed) }, isLast)
    }
  }
  return outcome
}

/** One store could not take the bytes. */
class StoreFailed extends Error {
  override readonly name = 'StoreFailed'
  readonly store: string | null

  constructor(store: string | null, cause: unknown) {
    super(store === null ? messageOf(cause) : `Store ${store}: ${messageOf(cause)}`, { cause })
    this.store = store
  }
}

/** What a failed import leaves: no new data, unless stores that are done suffice. */
function stepAfterFailure(job: Import, image: ImageRecord, before: ImageRecord, error: unknown): ServerChange {
  const { stores, method, request } = job
  const isLeft = image.status !== 'importing' && !request.allMustSucceed
  const unfilled = isLeft ? storesIn(image, 'importing').filter((store) => stores.includes(store)) : stores
  const failed = error instanceof StoreFailed ? [error.store] : unfilled
  const properties = listsWithout(image, stores, failed)
  if (image.status === 'importing') return { status: 'queued', properties }
  if (method.addsCopies !== true || isLeft) return { properties }
  const kept = new Set(before.locations.map(({ blobKey }) => blobKey))
  const removeLocations = image.locations.map(({ blobKey }) => blobKey).filter((key) => !kept.has(key))
  return { properties, removeLocations }
}

/** The lists of stores after some of them are done, and some of these have failed. */
function listsWithout(
  image: ImageRecord,
  done: readonly (string | null)[],
  failed: readonly (string | null)[],
): Record<string, string> {
  return storeLists({
    importing: without(storesIn(image, 'importing'), done),
    failed: [...storesIn(image, 'failed'), ...failed],
  })
}

function without(stores: readonly string[], removed: readonly (string | null)[]): string[] {
  return stores.filter((store) => !removed.includes(store))
}

/** At most one report of progress in this time. */
const reportMilliseconds = 1000
const mebibyte = 1024 ** 2

/** Reports copied bytes as Glance does. */
function reportProgress(running: RunningTask): (bytes: number, isAll: boolean) => void {
  let reported = ''
  let reportedAt = -Infinity
  return (bytes, isAll) => {
    const now = performance.now()
    if (bytes === 0 || (!isAll && now - reportedAt < reportMilliseconds)) return
    reportedAt = now
    const message = `Copied ${Math.floor(bytes / mebibyte)} MiB`
    if (message !== reported) running.report(message)
    reported = message
  }
}

function messageOf(error: unknown): string {
  const told = asRefusal(error)
  return told instanceof Error ? told.message : String(told)
}
