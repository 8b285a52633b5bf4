import type { Caller } from '../../context.js'
import { createDiscard } from '../data/discarded-data.js'
import { conflict, forbidden, notAuthorized, notFound } from '../errors.js'
import type { ImageParts } from '../parts.js'
import { hasStore } from './stores.js'

/** The copies of images in stores. */
export interface StoreService {
  /**
   * Removes one copy of an active image that has others (glance/api/v2/images.py `delete_from_store`).
   * @throws conflict for an unknown store or an image that is not active; forbidden for the only copy; not-found
   */
  removeCopy(caller: Caller, store: string, imageId: string): Promise<void>
}

type StoreServiceParts = Pick<ImageParts, 'images' | 'repository' | 'blobs' | 'config' | 'clock' | 'log'>

export function createStoreService(parts: StoreServiceParts): StoreService {
  const { images, repository, config, clock } = parts
  const discard = createDiscard(parts)
  return {
    async removeCopy(caller, store, imageId) {
      if (config.stores.length === 0) throw notFound('')
      if (!hasStore(config.stores, store)) throw conflict(`The selected store ${store} is not available on this node.`)
      const image = findImage(() => images.get(caller, imageId), imageId)
      if (!caller.isAdmin) throw notAuthorized('delete_image_location')
      if (image.status !== 'active') {
        throw conflict(`It's not allowed to remove image data from store if image status is not 'active'`)
      }
      if (image.locations.length === 1) {
        throw forbidden(
          'Cannot delete image data from the only store containing it. Consider deleting the image instead.',
        )
      }
      const copy = image.locations.find((location) => location.store === store)
      if (copy === undefined) throw notFound(`Image ${imageId} is not stored in store ${store}.`)
      await discard(repository.change(imageId, { removeLocations: [copy.blobKey] }, clock()).discarded)
    },
  }
}

function findImage<T>(find: () => T, id: string): T {
  try {
    return find()
  } catch {
    throw notFound(`Failed to find image ${id}`)
  }
}
