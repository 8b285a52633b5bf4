/**
 * The algorithms that may be Glance's `hashing_algorithm`, under the names of Python's hashlib: those of
 * `hashlib.algorithms_guaranteed` whose digest has one length.
 */
export const hashAlgorithms = [
  'sha512',
  'sha384',
  'sha256',
  'sha224',
  'sha1',
  'md5',
  'sha3_512',
  'sha3_384',
  'sha3_256',
  'sha3_224',
  'blake2b',
  'blake2s',
] as const

/** An algorithm that can be Glance's `hashing_algorithm`, under the name that Python's hashlib has for it. */
export type HashAlgorithm = (typeof hashAlgorithms)[number]

/** OpenSSL's name of an algorithm, which Node takes. */
export function opensslName(algorithm: HashAlgorithm): string {
  if (algorithm === 'blake2b') return 'blake2b512'
  if (algorithm === 'blake2s') return 'blake2s256'
  return algorithm.replace('_', '-')
}
