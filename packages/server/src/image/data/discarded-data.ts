import type { BlobStore } from '../../blobs/blob-store.js'
import type { Logger } from '../../log.js'
import type { ImageRepository } from '../images/image-repository.js'

interface DiscardParts {
  readonly repository: ImageRepository
  readonly blobs: BlobStore
  readonly log: Logger
}

/** Removes the files of bytes that no image uses any more. What a crash leaves undone is done at the next start. */
export type Discard = (keys: readonly string[]) => Promise<void>

/** The rows that name the bytes were removed before, and the keys entered in a list, in one transaction. */
export function createDiscard({ repository, blobs, log }: DiscardParts): Discard {
  return async (keys) => {
    for (const key of keys) {
      try {
        await blobs.delete(key)
        repository.forgetDiscarded(key)
      } catch (error) {
        log.warn({ key, error }, 'could not remove image data; the next start tries again')
      }
    }
  }
}
