import { IntegrityError } from '../../errors/transfer-errors.js'
import type { Platform } from '../../platform/platform.js'
import type { Verdict } from '../../transfer/verdict.js'
import type { Image } from './image.js'

/** A digest that the server reports for an image's data. */
export interface ExpectedHash {
  /** Glance's name for it. */
  readonly algorithm: string
  /** Lower-case hex. */
  readonly value: string
}

/** The server's digests of an image, most trusted first: the multihash, then the MD5 of older servers. */
export function expectedHashes(image: Image): readonly ExpectedHash[] {
  const hashes: ExpectedHash[] = []
  if (image.osHashAlgo && image.osHashValue) {
    hashes.push({ algorithm: image.osHashAlgo.toLowerCase(), value: image.osHashValue.toLowerCase() })
  }
  if (image.checksum) hashes.push({ algorithm: 'md5', value: image.checksum.toLowerCase() })
  return hashes
}

/** The error when verification is required but impossible. */
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

/** The best hash that the server reports and this runtime can compute: one is enough, and each costs a core. */
export async function bestHash(platform: Platform, image: Image): Promise<ExpectedHash | undefined> {
  for (const expected of expectedHashes(image)) {
    if (await platform.supports(expected.algorithm)) return expected
  }
  return undefined
}

/** @throws IntegrityError when the digest of the received data differs from the server's */
export function compareHash(image: Image, expected: ExpectedHash | undefined, actual: string | undefined): Verdict {
  if (!expected || actual === undefined) return 'unverifiable'
  const { algorithm, value } = expected
  if (actual === value) return 'verified'
  throw new IntegrityError(
    `what was received is not the image ${image.id}: its ${algorithm} is ${actual}, and should be ${value}`,
    { what: algorithm, expected: value, actual },
  )
}

/** @param actual the number of bytes that arrived instead */
export function wrongSize(image: Image, actual: string): IntegrityError {
  return new IntegrityError(`the image ${image.id} has ${image.size} bytes, and ${actual} were received`, {
    what: 'size',
    expected: String(image.size),
    actual,
  })
}
