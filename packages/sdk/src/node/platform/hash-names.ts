import { getHashes } from 'node:crypto'

/** OpenSSL's name of an algorithm that Glance names as Python's hashlib does; undefined when this build lacks it. */
export function opensslName(algorithm: string): string | undefined {
  const name = pythonNames.get(algorithm) ?? algorithm
  return getHashes().includes(name) ? name : undefined
}

const pythonNames: ReadonlyMap<string, string> = new Map([
  ['blake2b', 'blake2b512'],
  ['blake2s', 'blake2s256'],
  ['sha3_224', 'sha3-224'],
  ['sha3_256', 'sha3-256'],
  ['sha3_384', 'sha3-384'],
  ['sha3_512', 'sha3-512'],
])
