import { defaultStore, isReadOnly } from '../../config/cloud-config.js'
import type { Caller } from '../../context.js'
import { requireDownloader, requireOwner } from '../access/policy.js'
import { conflict, forbidden, gone, invalid } from '../errors.js'
import type { ImageRecord } from '../images/image-record.js'
import { requireTransition } from '../images/require-transition.js'
import type { ImageParts } from '../parts.js'
import type { ByteRange } from './byte-range.js'
import { watchFormat } from './format-watch.js'
import { afterFirstBytes, readStored } from './read-stored.js'
import { asRefusal, orDiscard, requireDeclaredSize, type ReceivedBytes } from './received-bytes.js'

/** An image's data, and the store it is for. */
interface Upload extends ReceivedBytes {
  /** Undefined: the default store. */
  readonly store: string | undefined
}

/** The bytes of images (glance/api/v2/image_data.py). */
export interface DataService {
  /**
   * Stores the bytes of a queued image and makes it active. On any failure the image returns to `queued` and none of
   * the bytes are kept.
   * @throws conflict unless queued; invalid without formats or for a size other than declared; over-limit past the size
   * cap; unsupported-data when the content does not match the declared format; gone when the image was deleted
   * meanwhile
   */
  upload(caller: Caller, imageId: string, upload: Upload): Promise<void>
  /**
   * The image, if the caller may read its bytes, with copies in the preferred stores first.
   * @throws forbidden; invalid for an unknown store
   */
  findReadable(caller: Caller, imageId: string, preferredStores: readonly string[]): ImageRecord
  /**
   * The image's bytes, whole ones from the cache if they are there; undefined when it has none, or all of them are on
   * other servers and cannot be read. The reader is done with a chunk when it asks for the next but one.
   * @throws invalid for a range of bytes on another server
   */
  read(image: ImageRecord, range: ByteRange | undefined): Promise<AsyncIterable<Uint8Array> | undefined>
}

type DataServiceParts = Pick<
  ImageParts,
  'images' | 'repository' | 'blobs' | 'cache' | 'config' | 'locations' | 'usage' | 'clock'
>

export function createDataService(parts: DataServiceParts): DataService {
  const { images, repository, blobs, cache, config, usage, clock } = parts
  const chooseStore = (wanted: string | undefined): string | null => {
    if (config.stores.length === 0) return null
    if (wanted === undefined) return defaultStore(config.stores)?.id ?? null
    const store = config.stores.find(({ id }) => id === wanted)
    if (store === undefined) throw invalid(`Store for identifier ${wanted} not found`)
    return store.id
  }

  /** glance/api/v2/image_data.py `upload`, for a store without the capability to write. */
  const requireWritable = (storeId: string | null) => {
    const store = config.stores.find(({ id }) => id === storeId)
    if (store === undefined || !isReadOnly(store)) return
    throw gone('Error in store configuration. Adding images to store is disabled.')
  }

  const requireStores = (wanted: readonly string[]) => {
    if (config.stores.length === 0) {
      throw invalid('Store selection for download is not available when multiple backends are not enabled.')
    }
    const unknown = wanted.find((id) => !config.stores.some((store) => store.id === id))
    if (unknown !== undefined) throw invalid(`Store '${unknown}' is not configured.`)
  }

  const store = async (image: ImageRecord, upload: Upload, storeId: string | null) => {
    const watch = watchFormat(image.disk_format ?? '', image.container_format ?? '', config.requireFormatMatch)
    const pending = await blobs.write(upload.bytes, {
      hash: config.hashAlgorithm,
      limitBytes: config.quotas.imageSizeCapBytes,
      onChunk: watch.onChunk,
    })
    const virtualSize = await orDiscard(pending, () => {
      requireDeclaredSize(upload.declaredSize, pending.sizeBytes)
      return watch.conclude()
    })
    await pending.publish(() => {
      const isActive = repository.activate(
        image.id,
        {
          size: pending.sizeBytes,
          virtual_size: virtualSize,
          checksum: pending.md5,
          os_hash_algo: config.hashAlgorithm,
          os_hash_value: pending.hash ?? '',
          store: storeId,
          blobKey: pending.key,
        },
        clock(),
      )
      if (!isActive) throw vanished(image.id)
    })
  }

  return {
    async upload(caller, imageId, upload) {
      usage.requireSizeTotal(caller, upload.declaredSize)
      const storeId = chooseStore(upload.store)
      const image = images.get(caller, imageId)
      requireOwner(caller, image, 'upload_image')
      requireTransition(image.status, 'saving', conflict)
      requireFormats(image)
      requireWritable(storeId)
      if (!repository.move(imageId, 'queued', 'saving', clock())) throw vanished(imageId)
      try {
        usage.requireCountUploading(caller)
        await store(image, upload, storeId)
      } catch (error) {
        if (!repository.move(imageId, 'saving', 'queued', clock()) && !repository.find(imageId)) {
          throw vanished(imageId)
        }
        throw asRefusal(error)
      }
    },
    findReadable(caller, imageId, preferredStores) {
      const image = images.get(caller, imageId)
      if (image.status === 'deactivated' && !caller.isAdmin) {
        throw forbidden('The requested image has been deactivated. Image data download is forbidden.')
      }
      requireDownloader(caller)
      if (preferredStores.length === 0) return image
      requireStores(preferredStores)
      const rank = (store: string | null) => (preferredStores.includes(store ?? '') ? 0 : 1)
      return { ...image, locations: image.locations.toSorted((a, b) => rank(a.store) - rank(b.store)) }
    },
    async read(image, range) {
      const isCached = range === undefined && cache !== undefined
      const bytes = isCached ? cache.serve(image) : readStored(parts, image, range, { reuse: true })
      if (bytes === undefined || image.locations.every(({ url }) => url === undefined)) return bytes
      return afterFirstBytes(bytes)
    },
  }
}

function requireFormats(image: ImageRecord): void {
  const missing = (['disk_format', 'container_format'] as const).filter((key) => !image[key])
  if (missing.length === 0) return
  const subject = missing.length === 1 ? 'Property' : 'Properties'
  throw invalid(`${subject} ${missing.join(', ')} must be set prior to saving data.`)
}

function vanished(id: string): Error {
  return gone(
    `Image ${id} could not be found after upload. The image may have been deleted during the upload, ` +
      'cleaning up the chunks uploaded.',
  )
}
