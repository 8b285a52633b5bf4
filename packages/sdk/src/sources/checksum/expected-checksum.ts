import { UsageError } from '../../errors/tyrax-error.js'
import { shownUrl } from '../../transport/redact.js'

/** A published digest of a file. */
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

/** The algorithm whose digests have this length in hex, among those used in lists of checksums. */
export function algorithmOfLength(length: number): string | undefined {
  return Object.keys(hexLengths).find((algorithm) => hexLengths[algorithm] === length)
}

/** The supported algorithms of published checksums, the weakest first. */
export const knownAlgorithms: readonly string[] = Object.keys(hexLengths)

/** A supported algorithm, however it is spelt: `SHA256`, `sha-256`, OpenSSL's `SHA2-256`. */
export function knownAlgorithm(name: string): string | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^sha[-_]?2[-_/](?=\d)/, 'sha')
    .replaceAll(/[-_]/g, '')
  return Object.hasOwn(hexLengths, plain) ? plain : undefined
}

/**
 * The last algorithm that a text names, such as a heading or the name of a list: a supported one under Glance's name,
 * any other one as written.
 */
export function namedAlgorithm(text: string): string | undefined {
  const found = text.match(algorithmNames)?.at(-1)
  return found === undefined ? undefined : (knownAlgorithm(found.replace(/[-_]?(check)?sums?$/i, '')) ?? found)
}

/** Names of algorithms, alone or as in `SHA256SUMS`, `b2sums.txt`, `disk.img.sha512`. */
export const algorithmNames =
  /(?<![a-z0-9])(?:sha-?3[-_/]?\d{3}|sha-?512[-_/](?:224|256)|sha-?(?:2[-_/])?(?:224|256|384|512)|sha-?1|md5|md4|blake-?[23][a-z]{0,2}(?:-\d+)?|b[23](?=sum|$)|rmd-?160|ripemd-?160|whirlpool|tiger|sm3|crc-?32[a-z]?|crc|adler-?32|xxh(?:ash)?\d*|keccak-?\d*|streebog-?\d*|shake-?\d+)(?:[-_]?(?:check)?sums?)?(?![a-z0-9])/gi

/** Whether this is a digest of the algorithm, judged by its length. */
export function isDigest(algorithm: string, hex: string): boolean {
  return /^[0-9a-f]+$/i.test(hex) && hexLengths[algorithm] === hex.length
}

/**
 * Parses `sha256:…`, with the digest in hex.
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
    throw new UsageError(`the checksum ${JSON.stringify(text)} is not a valid ${algorithm}`, {
      hint: `after the colon come ${hexLengths[algorithm]} hexadecimal digits`,
    })
  }
  if (rest.length === 0 && isHex(value) && /^[a-z][\w/-]*$/i.test(name)) {
    throw new UsageError(`the checksum's algorithm ${JSON.stringify(name)} is not known`, {
      hint: `the supported ones are ${supported}`,
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
