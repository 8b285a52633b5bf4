import type { BlobStore } from '../../blobs/blob-store.js'
import { Refusal } from '../../refusal.js'
import type { Access } from '../access/access.js'
import { addressIn, type ObjectAddress, quotePath } from '../address.js'
import { takeTurn } from '../../http/turns.js'
import { manifestLimits } from '../limits.js'
import type { ObjectRecord } from '../objects/object-record.js'
import type { ObjectInput, ObjectService } from '../objects/object-service.js'
import { checkManifest, type SegmentProblem } from './check-manifest.js'
import type { LargeContents } from './large-contents.js'
import { isInline, type Segment, type StoredSegment } from './manifest.js'

/** The outcome of storing a manifest. */
export type StoreOutcome =
  | { readonly kind: 'stored'; readonly etag: string; readonly record: ObjectRecord }
  | { readonly kind: 'problems'; readonly problems: readonly SegmentProblem[] }
  /** The ETag of the segments differs from the declared one. */
  | { readonly kind: 'mismatch' }

/** The outcome of deleting several objects together. */
export interface DeleteOutcome {
  readonly deleted: number
  readonly missing: number
  readonly problems: readonly SegmentProblem[]
}

/** Static large objects: a manifest that names segments (swift/common/middleware/slo.py). */
export interface LargeObjectService {
  /** @param object a static large object */
  manifestOf(object: ObjectRecord): Promise<readonly Segment[]>
  /**
   * Checks a manifest and stores it as a static large object.
   * @throws Refusal invalid or over-limit for a body that is not a valid manifest; not-found without the container
   */
  store(
    at: ObjectAddress,
    body: Buffer,
    about: Pick<ObjectInput, 'contentType' | 'metadata' | 'etag'>,
    access: Access,
  ): Promise<StoreOutcome>
  /**
   * Deletes a manifest and its segments, including those of nested manifests; each manifest is deleted after its own
   * segments (`get_segments_to_delete_iter`).
   * @throws Refusal invalid when more objects are queued for deletion than Swift allows
   */
  removeWithSegments(at: ObjectAddress, access: Access): Promise<DeleteOutcome>
  /**
   * Deletes a manifest at once and its segments in the background, which in this server is also at once. All segments
   * must be in one container (`handle_async_delete`).
   * @throws Refusal not-found, invalid
   */
  removeWithSegmentsLater(at: ObjectAddress, access: Access): Promise<void>
}

interface LargeObjectServiceParts {
  readonly objects: ObjectService
  readonly contents: LargeContents
  readonly blobs: BlobStore
}

export function createLargeObjectService({ objects, contents, blobs }: LargeObjectServiceParts): LargeObjectService {
  const storedSegmentsOf = async (object: ObjectRecord): Promise<StoredSegment[]> =>
    (await contents.manifestOf(object)).flatMap((segment) => (isInline(segment) ? [] : [segment]))

  return {
    manifestOf: (object) => contents.manifestOf(object),
    async store(at, body, { contentType, metadata, etag: expected }, access) {
      const manifest = await checkManifest(body, at, { objects, contentOf: contents.contentOf, access })
      if ('problems' in manifest) return { kind: 'problems', problems: manifest.problems }
      const { json, etag, size } = manifest
      if (expected && expected !== etag) return { kind: 'mismatch' }
      const about = { contentType, metadata, large: { etag, size } }
      return { kind: 'stored', etag, record: await objects.publish(at, await blobs.write(one(json)), about) }
    },
    async removeWithSegments(at, access) {
      let deleted = 0
      let missing = 0
      const problems: SegmentProblem[] = []
      const queue: { readonly where: ObjectAddress; readonly isManifest: boolean }[] = []
      const object = objects.find(at)
      if (!object) missing += 1
      else if (object.large) queue.push({ where: at, isManifest: true })
      else problems.push({ name: `/${at.container}/${at.object}`, problem: notManifest })
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        await takeTurn()
        const { where, isManifest } = next
        if (!access.has('write', where)) {
          problems.push({ name: `/${where.container}/${where.object}`, problem: new Refusal('forbidden') })
          continue
        }
        const manifest = isManifest ? objects.find(where) : undefined
        if (manifest?.large) {
          for (const segment of await storedSegmentsOf(manifest)) {
            queue.push({ where: addressIn(where.account, segment.name), isManifest: segment.sub_slo === true })
          }
          queue.push({ where, isManifest: false })
          if (queue.length > mostBuffered) throw new Refusal('invalid', 'Too many buffered slo segments to delete.')
        } else if (await objects.remove(where)) deleted += 1
        else missing += 1
      }
      return { deleted, missing, problems }
    },
    async removeWithSegmentsLater(at, access) {
      const object = objects.find(at)
      if (!object) throw new Refusal('not-found', 'SLO manifest not found')
      if (!object.large) throw new Refusal('invalid', notManifest)
      const segments = await storedSegmentsOf(object)
      const places = segments.map((segment) => addressIn(at.account, segment.name))
      const containers = [...new Set(places.map(({ container }) => container))]
      if (containers.length > 1) {
        const list = containers.map((each) => `"${quotePath(each)}"`).join(', ')
        throw new Refusal('invalid', `All segments must be in one container. Found segments in ${list}`)
      }
      if (segments.some((segment) => segment.sub_slo)) throw new Refusal('invalid', 'No segments may be large objects.')
      for (const place of places) access.require('write', place)
      await objects.remove(at)
      for (const place of places) await objects.remove(place)
    },
  }
}

const notManifest = 'Not an SLO manifest'
const mostBuffered = manifestLimits.max_manifest_segments * 10

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
