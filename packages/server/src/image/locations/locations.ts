import type { BlobStore } from '../../blobs/blob-store.js'
import type { ImageConfig } from '../../config/cloud-config.js'
import { createLocationUrls, type LocationUrls } from './location.js'
import { createRemoteSource, type RemoteSource } from './remote-source.js'

/** Where the bytes of images are, in files and on other servers. */
export interface Locations extends LocationUrls, RemoteSource {}

export function createLocations(blobs: Pick<BlobStore, 'fileOf'>, config: ImageConfig): Locations {
  return { ...createLocationUrls(blobs), ...createRemoteSource(config) }
}
