import { createHashThreads, createSharedBlocks, type HashThreads, type SharedBlocks } from '@tyrax/hash-threads'
import type { Platform } from '../../platform/platform.js'
import { nodeDecoder } from '../decompress/node-decoder.js'
import type { ConnectionOptions } from '../connection-options.js'
import { gatheredChunks } from '../gathered-chunks.js'
import { getUrl } from '../sources/get-url.js'
import { openFileTarget } from './file-target.js'
import { opensslName } from './hash-names.js'
import { inlineHash, workerHash } from './chunk-hash.js'

/** Below this size, starting a thread costs more than it saves. */
const workerFromBytes = 16 * 1024 * 1024

type ReceiveMemory = Pick<ConnectionOptions, 'buffers' | 'gatheringBuffers'>

/**
 * The platform of Node. Transfers that share an instance share its hash threads, which end when no transfer is running.
 * @param memory that connections read into, to give back what was written to files or gathered
 */
export function createNodePlatform({ buffers, gatheringBuffers }: ReceiveMemory = {}): Platform {
  let made: { readonly threads: HashThreads; readonly blocks: SharedBlocks } | undefined
  const shared = () => (made ??= { threads: createHashThreads(), blocks: createSharedBlocks() })
  return {
    async createHash(algorithms, sizeBytes) {
      const small = sizeBytes !== undefined && sizeBytes < workerFromBytes
      return small ? inlineHash(algorithms) : workerHash(algorithms, shared().threads, shared().blocks)
    },
    supports: async (algorithm) => opensslName(algorithm) !== undefined,
    // Both are named only where they are called, so that a bundle can load them then.
    decoder: (compression) => nodeDecoder(compression),
    createSigner: async (key) => (await import('./signer.js')).createSigner(key),
    gather: (data) => gatheredChunks(data, gatheringBuffers),
    getUrl: (from, options) => getUrl(from, options),
    openTarget: (path, options) => openFileTarget(path, options, { ...shared(), buffers }),
  }
}

/** For hashing and files without a cloud. */
export const nodePlatform: Platform = createNodePlatform()
