import { IntegrityError } from '../../errors/transfer-errors.js'
import type { Image } from './image.js'

/** A digest that the server gave for an image's data. */
export interface ExpectedHash {
  /** Glance's name of it. */
  readonly algorithm: string
  /** Lower-case hex. */
  readonly value: string
}

/** The server's digests of an image, the one to trust first: the multihash, then the MD5 of older servers. */
export function expectedHashes(image: Image): readonly ExpectedHash[] {
  const hashes: ExpectedHash[] = []
  if (image.osHashAlgo && image.osHashValue) {
    hashes.push({ algorithm: image.osHashAlgo.toLowerCase(), value: image.osHashValue.toLowerCase() })
  }
  if (image.checksum) hashes.push({ algorithm: 'md5', value: image.checksum.toLowerCase() })
  return hashes
}

/** Where a verdict is wanted and there can be none. */
export function unverifiable(image: Image): IntegrityError {
  const actual = [image.osHashAlgo, image.checksum && 'md5'].filter(Boolean).join(', ') || 'none'
  return new IntegrityError(
    `the image ${image.id} cannot be verified: the hashes that the server published are: ${actual}`,
    {
      what: 'hash',
      expected: 'one that can be computed here',
      actual,
    },
  )
}
