import type { BlobStore, ReadOptions } from '../../blobs/blob-store.js'
import { invalid } from '../errors.js'
import type { ImageLocation, ImageRecord } from '../images/image-record.js'
import type { RemoteSource } from '../locations/remote-source.js'
import type { ByteRange } from './byte-range.js'

interface StoredParts {
  readonly blobs: Pick<BlobStore, 'read'>
  readonly locations: Pick<RemoteSource, 'open'>
}

type Stored = Pick<ImageRecord, 'locations' | 'size'>

/**
 * The bytes of an image's first location that can be read; undefined when it has none. Where the first one is on another
 * server, the bytes begin with an error if no location can be opened.
 * @param options `signal` ends the reading from another server; `reuse` as for blobs
 * @throws invalid for a range of bytes that are all on other servers: as in Glance, they are only read as a whole
 */
export function readStored(
  { blobs, locations }: StoredParts,
  image: Stored,
  range: ByteRange | undefined,
  { signal, reuse }: ReadOptions & { readonly signal?: AbortSignal | undefined } = {},
): AsyncIterable<Uint8Array> | undefined {
  const readable = range === undefined ? image.locations : image.locations.filter(({ url }) => url === undefined)
  const [first] = readable
  if (first !== undefined && first.url === undefined) return blobs.read(first.blobKey, range, { reuse })
  if (first !== undefined) return readFirst({ blobs, locations }, readable, image.size ?? 0, signal)
  if (range === undefined || image.locations.length === 0) return undefined
  throw invalid(
    'Getting images randomly from this store is not supported. ' +
      `Offset: ${range.start}, length: ${range.end - range.start + 1}`,
  )
}

async function* readFirst(
  { blobs, locations }: StoredParts,
  readable: readonly ImageLocation[],
  size: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let failure: unknown
  for (const { url, blobKey } of readable) {
    try {
      const bytes = url === undefined ? blobs.read(blobKey) : exactly(size, await locations.open(url, signal))
      return yield* bytes
    } catch (error) {
      if (error instanceof WrongSize) throw error
      failure ??= error
    }
  }
  throw new Error('the image cannot be read from any of its locations', { cause: failure })
}

/** The bytes at a URL have changed since the image got it as a location, or they stopped arriving. */
class WrongSize extends Error {
  override readonly name = 'WrongSize'

  constructor(size: number, cause?: unknown) {
    super(`the location has no longer ${size} bytes`, { cause })
  }
}

/** @throws WrongSize before more bytes are passed on than the image has, and after fewer */
async function* exactly(size: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = size
  try {
    for await (const chunk of bytes) {
      left -= chunk.length
      if (left < 0) throw new WrongSize(size)
      yield chunk
    }
  } catch (error) {
    throw error instanceof WrongSize ? error : new WrongSize(size, error)
  }
  if (left > 0) throw new WrongSize(size)
}

/** Waits for the first bytes. @returns undefined when they cannot be read */
export async function afterFirstBytes(
  bytes: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const iterator = bytes[Symbol.asyncIterator]()
  let next: IteratorResult<Uint8Array>
  try {
    next = await iterator.next()
  } catch {
    return undefined
  }
  return (async function* () {
    try {
      for (; next.done !== true; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  })()
}
