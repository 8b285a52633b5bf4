import { BlobMissing, type BlobStore } from '../../blobs/blob-store.js'
import type { Database } from '../../database/database.js'
import type { Logger } from '../../log.js'
import type { Clock } from '../images/clock.js'
import type { ImageRecord } from '../images/image-record.js'
import { createCacheRepository, type CachedImage } from './cache-repository.js'
import { runInTurn } from './run-in-turn.js'

/** What the copies are made from. */
interface CacheParts {
  readonly db: Database
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly log: Logger
  /** `prune` removes copies until they have no more bytes than this. */
  readonly maxSizeBytes: number
  readonly findImage: (id: string) => ImageRecord | undefined
  /** The image's bytes in its store. */
  readonly readStored: (image: ImageRecord) => AsyncIterable<Uint8Array> | undefined
}

/**
 * Copies of images next to the service, from which whole downloads are served, so that a slow store is read once
 * (glance/image_cache, glance/api/middleware/cache.py). Knows nothing about callers.
 */
export interface ImageCache {
  cached(): readonly CachedImage[]
  queued(): readonly string[]
  has(imageId: string): boolean
  /** Queues an active image, which is then copied by itself. An image that is cached already is left as it is. */
  queue(imageId: string): void
  /** Removes an image's copy and its place in the queue. */
  remove(imageId: string): Promise<void>
  clearCopies(): Promise<void>
  clearQueue(): void
  /** Removes the copies read longest ago until the rest has at most `maxSizeBytes`. */
  prune(): Promise<{ readonly files: number; readonly bytes: number }>
  /**
   * The bytes of a download of a whole image: those of its copy if there is one, otherwise the stored ones. When the
   * latter were read to their end, the image is copied into the cache.
   */
  serve(image: ImageRecord): AsyncIterable<Uint8Array> | undefined
  /** Copies what was queued when the cloud last stopped. */
  resume(): void
  /** Ends a copy that is being made. What is queued stays queued. */
  close(): Promise<void>
}

export function createImageCache(parts: CacheParts): ImageCache {
  const { db, blobs, clock, log, maxSizeBytes, findImage, readStored } = parts
  const repository = createCacheRepository(db)

  const fill = async (imageId: string, signal: AbortSignal) => {
    const image = findImage(imageId)
    if (image?.status !== 'active' || repository.find(imageId) !== undefined) {
      repository.dequeue(imageId)
      return
    }
    const bytes = readStored(image)
    if (bytes === undefined) return
    const pending = await blobs.write(bytes, { signal })
    if (image.checksum !== null && pending.md5 !== image.checksum) {
      await pending.discard()
      throw new Error(`the stored data of image ${imageId} has MD5 ${pending.md5} instead of ${image.checksum}`)
    }
    await pending.publish(() => {
      const copy = { image_id: imageId, blob_key: pending.key, size: pending.sizeBytes, last_modified: clock() }
      if (!repository.insert(copy)) throw new Error(`image ${imageId} was deleted or cached meanwhile`)
    })
  }
  const copies = runInTurn(fill, (imageId, error) => log.warn({ imageId, error }, 'could not cache the image'))

  const deleteBlobs = async (keys: readonly string[]) => {
    for (const key of keys) {
      // The row is gone either way; the remaining file is an orphan that the next start reports.
      await blobs.delete(key).catch((error: unknown) => log.warn({ key, error }, 'could not remove cached data'))
    }
  }

  async function* serveCopy(copy: CachedImage, image: ImageRecord): AsyncGenerator<Uint8Array> {
    let isStarted = false
    try {
      for await (const chunk of blobs.read(copy.blob_key)) {
        isStarted = true
        yield chunk
      }
    } catch (error) {
      // The copy was removed between finding and opening it.
      if (isStarted || !(error instanceof BlobMissing)) throw error
      yield* readStored(image) ?? []
    } finally {
      repository.countHit(image.id, clock())
    }
  }

  async function* serveStored(bytes: AsyncIterable<Uint8Array>, imageId: string): AsyncGenerator<Uint8Array> {
    yield* bytes
    copies.add(imageId)
  }

  return {
    cached: () => repository.list(),
    queued: () => repository.queued(),
    has: (imageId) => repository.find(imageId) !== undefined || repository.queued().includes(imageId),
    queue(imageId) {
      if (repository.find(imageId) !== undefined) return
      repository.enqueue(imageId, clock())
      copies.add(imageId)
    },
    async remove(imageId) {
      repository.dequeue(imageId)
      await deleteBlobs(repository.remove(imageId))
    },
    clearCopies: () => deleteBlobs(repository.removeAll()),
    clearQueue: () => repository.dequeueAll(),
    async prune() {
      let over = repository.usedBytes() - maxSizeBytes
      const pruned = { files: 0, bytes: 0 }
      for (let copy = repository.leastRecent(); copy !== undefined && over > 0; copy = repository.leastRecent()) {
        await deleteBlobs(repository.remove(copy.image_id))
        over -= copy.size
        pruned.files += 1
        pruned.bytes += copy.size
      }
      return pruned
    },
    serve(image) {
      // An admin still downloads a deactivated image, but never from the cache.
      const isServed = image.status !== 'deactivated'
      const copy = isServed ? repository.find(image.id) : undefined
      if (copy !== undefined) return serveCopy(copy, image)
      const bytes = readStored(image)
      return bytes !== undefined && isServed ? serveStored(bytes, image.id) : bytes
    },
    resume() {
      for (const imageId of repository.queued()) copies.add(imageId)
    },
    close: () => copies.close(),
  }
}
