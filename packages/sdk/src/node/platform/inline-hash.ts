import { digestRecord } from '../../hashing/digest-record.js'
import { createHash, type Hash } from 'node:crypto'
import type { ChunkHash } from '../../platform/platform.js'
import { opensslName } from './hash-names.js'

/** Hashes on the calling thread: for small amounts. */
export function inlineHash(algorithms: readonly string[]): ChunkHash {
  const hashes = new Map<string, Hash>()
  for (const algorithm of algorithms) {
    const name = opensslName(algorithm)
    if (name !== undefined) hashes.set(algorithm, createHash(name))
  }
  return {
    update(chunk) {
      for (const hash of hashes.values()) hash.update(chunk)
    },
    digest: async () => digestRecord([...hashes].map(([algorithm, hash]) => [algorithm, hash.digest('hex')])),
    dispose() {},
  }
}
