import { createHash } from 'node:crypto'
import type { BlobStore } from '../../blobs/blob-store.js'
import { takeTurn } from '../../http/turns.js'
import { Refusal } from '../../refusal.js'
import type { Access } from '../access/access.js'
import { addressIn } from '../address.js'
import type { Span } from '../byte-range.js'
import { isExpired } from '../expiry/delete-at.js'
import { type Content, type ContentOf, ownContent, SegmentGone } from '../objects/content.js'
import type { ListedObject, ObjectRecord } from '../objects/object-record.js'
import type { ObjectRepository } from '../objects/object-repository.js'
import { isInline, lengthOf, type Segment, spanOf, type StoredSegment } from './manifest.js'

/** The content of objects, large ones included. */
export interface LargeContents {
  readonly contentOf: ContentOf
  /** @param object a static large object */
  manifestOf(object: ObjectRecord): Promise<readonly Segment[]>
}

const deepestNesting = 10

/**
 * Finds the content of plain, static large and dynamic large objects. Static ones may be segments of static ones.
 * Swift resolves dynamic ones after all others (swift/common/middleware/dlo.py). So a large object among their segments
 * is read as its own stored bytes, and a dynamic one among the segments of a static one always counts as changed.
 */
export function createLargeContents(objects: ObjectRepository, blobs: BlobStore): LargeContents {
  async function contentOf(account: string, object: ObjectRecord, access: Access, depth = 0): Promise<Content> {
    if (object.large) {
      const { size, etag } = object.large
      const parts = async () => (await manifestOf(object)).map(lengthOf)
      const read = (start: number, end: number) => readStatic(account, object, { start, end }, access, depth)
      return { size, etag, isLarge: true, parts, read }
    }
    const manifest = object.metadata['x-object-manifest']
    if (manifest !== undefined) return dynamicContent(account, manifest, access)
    return ownContent(blobs, object)
  }

  async function manifestOf(object: ObjectRecord): Promise<readonly Segment[]> {
    const chunks: Uint8Array[] = []
    for await (const chunk of blobs.read(object.blob)) chunks.push(chunk)
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Segment[]
  }

  async function* readStatic(
    account: string,
    object: ObjectRecord,
    { start, end }: Span,
    access: Access,
    depth: number,
  ): AsyncGenerator<Uint8Array> {
    if (depth >= deepestNesting) throw new SegmentGone('large objects are nested too deep')
    let at = 0
    for (const segment of await manifestOf(object)) {
      await takeTurn()
      const length = lengthOf(segment)
      const from = Math.max(start - at, 0)
      const to = Math.min(end - at, length - 1)
      at += length
      if (from > to) continue
      if (isInline(segment)) {
        yield Buffer.from(segment.data, 'base64').subarray(from, to + 1)
        continue
      }
      const base = spanOf(segment).start
      const content = await segmentContent(account, segment, access, depth + 1)
      yield* content.read(base + from, base + to)
    }
  }

  async function segmentContent(
    account: string,
    segment: StoredSegment,
    access: Access,
    depth: number,
  ): Promise<Content> {
    const at = addressIn(account, segment.name)
    if (!access.has('read', at)) throw new SegmentGone(`${segment.name} may not be read by the requester`)
    const object = objects.find(at)
    const isDynamic = object?.metadata['x-object-manifest'] !== undefined
    const content = isDynamic ? undefined : object && (await contentOf(account, object, access, depth))
    if (content?.etag !== segment.hash || content.size !== segment.bytes) {
      throw new SegmentGone(`${segment.name} is not what it was when the manifest was made`)
    }
    return content
  }

  /** @throws Refusal not-found when there is no such container; forbidden or unauthenticated to list it */
  async function dynamicContent(account: string, manifest: string, access: Access): Promise<Content> {
    const [container = '', ...rest] = unquote(manifest).split('/')
    const prefix = rest.join('/')
    access.require('read', { account, container })
    if (container.includes('\0') || !objects.hasContainer(account, container)) throw new Refusal('not-found')
    const bounds = { inclusive: false, endMarker: '', prefix, reverse: false, limit: 250 }
    const segments: ListedObject[] = []
    const hash = createHash('md5')
    let size = 0
    for (let isMore = !prefix.includes('\0'); isMore;) {
      await takeTurn()
      const page = objects.scan(account, container, { ...bounds, past: segments.at(-1)?.name })
      for (const segment of page) {
        segments.push(segment)
        hash.update(segment.etag)
        size += segment.large?.size ?? segment.size
      }
      isMore = page.length === bounds.limit
    }
    return {
      size,
      etag: hash.digest('hex'),
      isLarge: true,
      async *read(start, end) {
        let at = 0
        for (const segment of segments) {
          await takeTurn()
          const length = segment.large?.size ?? segment.size
          const from = Math.max(start - at, 0)
          const to = Math.min(end - at, length - 1)
          at += length
          if (from > to) continue
          if (isExpired(segment.deleteAt, Date.now())) throw new SegmentGone(`${segment.name} has expired`)
          yield* blobs.read(segment.blob, { start: from, end: to })
          if (to >= segment.size)
            throw new SegmentGone(`${segment.name} is a manifest, and shorter than what it stands for`)
        }
      },
    }
  }

  return { contentOf, manifestOf }
}

function unquote(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
