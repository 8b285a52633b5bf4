import { createHashThreads, createSharedBlocks } from '@tyrax/hash-threads'
import type { Platform } from '../../platform/platform.js'
import { nodeDecoder } from '../decompress/node-decoder.js'
import type { ReceiveBuffers } from '../receive-buffers.js'
import { getUrl } from '../sources/get-url.js'
import { openFileTarget } from './file-target.js'
import { opensslName } from './hash-names.js'
import { inlineHash, workerHash } from './chunk-hash.js'

/** Below this size, starting a thread costs more than it saves. */
const workerFromBytes = 16 * 1024 * 1024

/**
 * The platform of Node. Transfers that share an instance share its hash threads, which end when no transfer is running.
 * @param buffers the receive buffers of data that is written to files
 */
export function createNodePlatform(buffers?: ReceiveBuffers): Platform {
  const threads = createHashThreads()
  const blocks = createSharedBlocks()
  return {
    async createHash(algorithms, sizeBytes) {
      const small = sizeBytes !== undefined && sizeBytes < workerFromBytes
      return small ? inlineHash(algorithms) : workerHash(algorithms, threads, blocks)
    },
    supports: async (algorithm) => opensslName(algorithm) !== undefined,
    decoder: nodeDecoder,
    getUrl,
    openTarget: (path, options) => openFileTarget(path, options, { threads, blocks, buffers }),
  }
}

/** For hashing and files without a cloud. */
export const nodePlatform: Platform = createNodePlatform()
