import { UsageError } from '../../errors/tyrax-error.js'
import { shownUrl } from '../../transport/redact.js'

/** A digest that somebody published for a file. */
export interface ExpectedChecksum {
  /** As Glance names it: `sha256`, `md5`. */
  readonly algorithm: string
  /** Lower-case hex. */
  readonly value: string
}

const hexLengths: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
}

/** The algorithm whose digests are of this length in hex, among those that lists of checksums are made with. */
export function algorithmOfLength(length: number): string | undefined {
  return Object.keys(hexLengths).find((algorithm) => hexLengths[algorithm] === length)
}

/** One of the known algorithms, however it is spelt: `SHA256`, `sha-256`, OpenSSL's `SHA2-256`. */
export function knownAlgorithm(name: string): string | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^sha2-/, 'sha')
    .replaceAll('-', '')
  return Object.hasOwn(hexLengths, plain) ? plain : undefined
}

/** Whether this is a digest of the algorithm. */
export function isDigest(algorithm: string, hex: string): boolean {
  return /^[0-9a-f]+$/i.test(hex) && hexLengths[algorithm] === hex.length
}

/**
 * `sha256:…`, the digest in hex.
 * @throws UsageError
 */
export function parseChecksum(text: string): ExpectedChecksum {
  const [name = '', value = '', ...rest] = text.trim().split(':')
  const algorithm = knownAlgorithm(name)
  const supported = Object.keys(hexLengths).join(', ')
  if (algorithm !== undefined && rest.length === 0 && isDigest(algorithm, value)) {
    return { algorithm, value: value.toLowerCase() }
  }
  if (algorithm !== undefined) {
    throw new UsageError(`the checksum ${JSON.stringify(text)} is not one of ${algorithm}`, {
      hint: `after the colon come ${hexLengths[algorithm]} hexadecimal digits`,
    })
  }
  const guess = isHex(text.trim()) ? algorithmOfLength(text.trim().length) : undefined
  throw new UsageError(`the checksum ${JSON.stringify(shownUrl(text))} does not say what it is`, {
    hint:
      guess === undefined
        ? `write ALGORITHM:HEX, with one of ${supported}; or give the list that it is in`
        : `write ${guess}:${text.trim()}`,
  })
}

function isHex(text: string): boolean {
  return /^[0-9a-f]+$/i.test(text)
}
