import { digestRecord } from '../../hashing/digest-record.js'
import type { IHasher } from 'hash-wasm'
import type { ChunkHash } from '../../platform/platform.js'

/**
 * Digests where there is no node:crypto: Web Crypto has neither MD5 nor incremental hashing. The library is loaded when
 * the first digest is requested.
 */
export async function wasmHash(algorithms: readonly string[]): Promise<ChunkHash> {
  const hashes = new Map<string, IHasher>()
  for (const algorithm of algorithms) {
    const hasher = await hasherOf(algorithm)
    if (hasher) hashes.set(algorithm, hasher.init())
  }
  return {
    update(chunk) {
      for (const hash of hashes.values()) hash.update(chunk)
    },
    digest: async () => digestRecord([...hashes].map(([algorithm, hash]) => [algorithm, hash.digest('hex')])),
    dispose() {},
  }
}

/** A hasher by Glance's name of the algorithm; undefined when it is not available. */
export async function hasherOf(algorithm: string): Promise<IHasher | undefined> {
  const { createBLAKE2b, createMD5, createSHA1, createSHA224, createSHA256, createSHA384, createSHA3, createSHA512 } =
    await import('hash-wasm')
  const makers: Readonly<Record<string, () => Promise<IHasher>>> = {
    md5: createMD5,
    sha1: createSHA1,
    sha224: createSHA224,
    sha256: createSHA256,
    sha384: createSHA384,
    sha512: createSHA512,
    sha3_224: () => createSHA3(224),
    sha3_256: () => createSHA3(256),
    sha3_384: () => createSHA3(384),
    sha3_512: () => createSHA3(512),
    blake2b: () => createBLAKE2b(512),
  }
  return Object.hasOwn(makers, algorithm) ? makers[algorithm]?.() : undefined
}
