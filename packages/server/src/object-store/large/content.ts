import { createHash } from 'node:crypto'
import type { BlobStore } from '../../blobs/blob-store.js'
import type { ObjectRecord, ObjectStoreRepository } from '../repository.js'
import { swiftLimits } from '../metadata.js'
import { isInline, lengthOf, type Segment, spanOf, type StoredSegment } from './manifest.js'

/** What a GET of an object gives: its own bytes, or those of the segments that it stands for. */
export interface Content {
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly isLarge: boolean
  /** Both bounds included. @throws SegmentGone when a segment is not what it was */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

/** A segment is missing, has been replaced, or is nested too deep. */
export class SegmentGone extends Error {
  override readonly name = 'SegmentGone'
}

const deepestNesting = 10

/** Gives the content of objects, whichever of the three kinds they are. */
export function contents(repository: ObjectStoreRepository, blobs: BlobStore) {
  function contentOf(account: string, object: ObjectRecord, depth = 0): Content {
    if (object.large) {
      const { size, etag } = object.large
      return { size, etag, isLarge: true, read: (start, end) => readStatic(account, object, { start, end }, depth) }
    }
    const manifest = object.metadata['x-object-manifest']
    if (manifest !== undefined) return dynamicContent(account, manifest, depth)
    const { size, etag, blob } = object
    return { size, etag, isLarge: false, read: (start, end) => blobs.read(blob, { start, end }) }
  }

  async function manifestOf(object: ObjectRecord): Promise<readonly Segment[]> {
    const chunks: Uint8Array[] = []
    for await (const chunk of blobs.read(object.blob)) chunks.push(chunk)
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Segment[]
  }

  async function* readStatic(
    account: string,
    object: ObjectRecord,
    { start, end }: { start: number; end: number },
    depth: number,
  ): AsyncGenerator<Uint8Array> {
    if (depth >= deepestNesting) throw new SegmentGone('large objects are nested too deep')
    let at = 0
    for (const segment of await manifestOf(object)) {
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
      yield* segmentContent(account, segment, depth + 1).read(base + from, base + to)
    }
  }

  function segmentContent(account: string, segment: StoredSegment, depth: number): Content {
    const [container = '', ...rest] = segment.name.replace(/^\//, '').split('/')
    const object = repository.object(account, container, rest.join('/'))
    const content = object && contentOf(account, object, depth)
    if (content?.etag !== segment.hash || content.size !== segment.bytes) {
      throw new SegmentGone(`${segment.name} is not what it was when the manifest was made`)
    }
    return content
  }

  function dynamicContent(account: string, manifest: string, depth: number): Content {
    if (depth >= deepestNesting) throw new SegmentGone('large objects are nested too deep')
    const [container = '', ...rest] = unquote(manifest).split('/')
    const bounds = { inclusive: false, endMarker: '', prefix: rest.join('/'), reverse: false }
    const limit = swiftLimits.container_listing_limit
    const segments: ObjectRecord[] = []
    for (let past: string | undefined; ; past = segments.at(-1)?.name) {
      const page = repository.scanObjects(account, container, { ...bounds, past, limit })
      segments.push(...page)
      if (page.length < limit) break
    }
    const size = segments.reduce((sum, segment) => sum + (segment.large?.size ?? segment.size), 0)
    const hash = createHash('md5')
    for (const segment of segments) hash.update(segment.etag)
    return {
      size,
      etag: hash.digest('hex'),
      isLarge: true,
      async *read(start, end) {
        let at = 0
        for (const segment of segments) {
          const length = segment.large?.size ?? segment.size
          const from = Math.max(start - at, 0)
          const to = Math.min(end - at, length - 1)
          at += length
          if (from <= to) yield* contentOf(account, segment, depth + 1).read(from, to)
        }
      },
    }
  }

  return { contentOf, manifestOf }
}

export type Contents = ReturnType<typeof contents>

function unquote(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
