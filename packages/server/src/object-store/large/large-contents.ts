import { createHash } from 'node:crypto'
import type { BlobStore } from '../../blobs/blob-store.js'
import { SwiftFault } from '../errors.js'
import { takeTurn } from '../../http/turns.js'
import type { ListedObject, ObjectRecord, ObjectStoreRepository } from '../objects/object-repository.js'
import { isInline, lengthOf, type Segment, spanOf, type StoredSegment } from './manifest.js'

/** What a GET of an object gives: its own bytes, or those of the segments that it stands for. */
export interface Content {
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly isLarge: boolean
  /** Of a static large object: the lengths of its segments. */
  readonly parts?: (() => Promise<readonly number[]>) | undefined
  /** Both bounds included. @throws SegmentGone when a segment is not what it was */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

/** A segment is missing, has been replaced, or is nested too deep. */
class SegmentGone extends Error {
  override readonly name = 'SegmentGone'
}

const deepestNesting = 10

/**
 * Gives the content of objects, whichever of the three kinds they are. Static ones may be segments of static ones.
 * Dynamic ones are looked up behind all others (swift/common/middleware/dlo.py), so that what is a large object among
 * their segments counts with its own bytes; among the segments of a static one, they are never what they were.
 */
export function contents(repository: ObjectStoreRepository, blobs: BlobStore) {
  async function contentOf(account: string, object: ObjectRecord, depth = 0): Promise<Content> {
    if (object.large) {
      const { size, etag } = object.large
      const parts = async () => (await manifestOf(object)).map(lengthOf)
      const read = (start: number, end: number) => readStatic(account, object, { start, end }, depth)
      return { size, etag, isLarge: true, parts, read }
    }
    const manifest = object.metadata['x-object-manifest']
    if (manifest !== undefined) return dynamicContent(account, manifest)
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
      const content = await segmentContent(account, segment, depth + 1)
      yield* content.read(base + from, base + to)
    }
  }

  async function segmentContent(account: string, segment: StoredSegment, depth: number): Promise<Content> {
    const [container = '', ...rest] = segment.name.replace(/^\//, '').split('/')
    const object = repository.object(account, container, rest.join('/'))
    const isDynamic = object?.metadata['x-object-manifest'] !== undefined
    const content = isDynamic ? undefined : object && (await contentOf(account, object, depth))
    if (content?.etag !== segment.hash || content.size !== segment.bytes) {
      throw new SegmentGone(`${segment.name} is not what it was when the manifest was made`)
    }
    return content
  }

  /** @throws SwiftFault 404 when there is no such container */
  async function dynamicContent(account: string, manifest: string): Promise<Content> {
    const [container = '', ...rest] = unquote(manifest).split('/')
    const prefix = rest.join('/')
    if (container.includes('\0') || !repository.container(account, container)) throw new SwiftFault(404)
    const bounds = { inclusive: false, endMarker: '', prefix, reverse: false, limit: 250 }
    const segments: ListedObject[] = []
    const hash = createHash('md5')
    let size = 0
    for (let isMore = !prefix.includes('\0'); isMore;) {
      await takeTurn()
      const page = repository.scanObjects(account, container, { ...bounds, past: segments.at(-1)?.name })
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
          yield* blobs.read(segment.blob, { start: from, end: to })
          if (to >= segment.size)
            throw new SegmentGone(`${segment.name} is a manifest, and shorter than what it stands for`)
        }
      },
    }
  }

  return { contentOf, manifestOf }
}

export type Contents = ReturnType<typeof contents>

/**
 * The same bytes, the first of them read already: while nothing is sent, a segment that is gone is still a status. What
 * was opened for them is closed too when they are given up before any of them is taken.
 * @throws SwiftFault 409
 */
export async function begun(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = bytes[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array> | undefined = await iterator.next().catch((error: unknown) => {
    if (error instanceof SegmentGone) throw new SwiftFault(409)
    throw error
  })
  const rest: AsyncIterator<Uint8Array> = {
    next() {
      const next = first === undefined ? iterator.next() : Promise.resolve(first)
      first = undefined
      return next
    },
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  }
  return { [Symbol.asyncIterator]: () => rest }
}

function unquote(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
