import type { BlobStore } from '../../blobs/blob-store.js'
import type { ImageRecord } from '../images/image-record.js'
import type { ByteRange } from './byte-range.js'

/** The bytes of an image's first location; undefined when it has none. */
export function readStored(
  blobs: BlobStore,
  image: Pick<ImageRecord, 'locations'>,
  range: ByteRange | undefined,
): AsyncIterable<Uint8Array> | undefined {
  const [location] = image.locations
  return location === undefined ? undefined : blobs.read(location.blobKey, range)
}
