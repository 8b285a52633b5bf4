import { createHashThreads, createSharedBlocks } from '@tyrax/hash-threads'
import type { Platform } from '../../platform/platform.js'
import { nodeDecoder } from '../decompress/node-decoder.js'
import type { ReceiveBuffers } from '../receive-buffers.js'
import { getUrl } from '../sources/get-url.js'
import { openFileTarget } from './file-target.js'
import { opensslName } from './hash-names.js'
import { inlineHash, workerHash } from './chunk-hash.js'

/** Below this, starting a thread costs more than it saves. */
const workerFromBytes = 16 * 1024 * 1024

/**
 * What Node has. Transfers of the same one share the threads that hash; there are none between transfers.
 * @param buffers where what is written to files came from
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

/** For hashing and files outside of a cloud. */
export const nodePlatform: Platform = createNodePlatform()
