import type { CallOptions } from '../../service/call-options.js'
import { isNotFound } from '../../errors/guards.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { ObjectContext } from '../context.js'
import { listObjects, type ObjectEntry } from '../listing.js'
import { keyOf } from '../address.js'
import { ownSegments } from './replaced-segments.js'
import { defaultSegmentContainer, objectOfSegment, segmentFolder } from './segment-plan.js'

/** What `objects.findOrphanSegments` takes. */
export interface OrphanSegmentOptions extends CallOptions {
  /**
   * Only segments of uploads to which nothing has been added for this long, in milliseconds. An upload that is still
   * running looks the same as an abandoned one: choose longer than the upload of one segment takes.
   * @default 86_400_000, a day
   */
  readonly olderThanMs?: number | undefined
  /** Where the segments are. @default '<container>_segments' */
  readonly segmentContainer?: string | undefined
}

/** A segment that belongs to no object. */
export interface OrphanSegment {
  readonly container: string
  readonly name: string
  readonly bytes: number
  readonly lastModified: Date
  /** The object that it was stored for, in the container that was searched. */
  readonly object: string
}

/**
 * Segments in an object's own folder that do not belong to the object, if there is one: leftovers of puts that were
 * killed, or kept with `keepOnFailure`, and never resumed.
 */
export async function findOrphanSegments(
  context: ObjectContext,
  container: string,
  options: OrphanSegmentOptions,
): Promise<readonly OrphanSegment[]> {
  const { olderThanMs = 24 * 60 * 60_000, segmentContainer = defaultSegmentContainer(container), signal } = options
  if (!(olderThanMs >= 0)) throw new UsageError(`olderThanMs is ${olderThanMs}: it must be a number of at least 0`)
  const found: OrphanSegment[] = []
  for (const [object, uploads] of await listUploads(context, container, segmentContainer, signal)) {
    let inUse: ReadonlySet<string> | undefined
    for (const segments of uploads.values()) {
      const newest = Math.max(...segments.map(({ lastModified }) => lastModified.getTime()))
      if (Date.now() - newest < olderThanMs) continue
      inUse ??= new Set((await ownSegments(context, { container, name: object }, signal)).map(keyOf))
      for (const { name, bytes, lastModified } of segments) {
        const segment = { container: segmentContainer, name, bytes, lastModified, object }
        if (!inUse.has(keyOf(segment))) found.push(segment)
      }
    }
  }
  return found
}

type Uploads = Map<string, ObjectEntry[]>

/** By object, and by upload. */
async function listUploads(
  { client }: ObjectContext,
  container: string,
  segmentContainer: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Uploads>> {
  const objects = new Map<string, Uploads>()
  const { prefix } = segmentFolder(container, '', segmentContainer)
  const own = prefix.slice(0, -'/slo/'.length)
  try {
    for await (const entry of listObjects(client, segmentContainer, { prefix: own, signal })) {
      const object =
        'name' in entry ? objectOfSegment(container, { container: segmentContainer, name: entry.name }) : undefined
      if (object === undefined || !('name' in entry)) continue
      const uploads = objects.get(object) ?? new Map<string, ObjectEntry[]>()
      const upload = entry.name.slice(0, entry.name.lastIndexOf('/'))
      uploads.set(upload, [...(uploads.get(upload) ?? []), entry])
      objects.set(object, uploads)
    }
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
  return objects
}
