import type { Platform } from '../../platform/platform.js'
import { gunzip } from '../decompress/gunzip.js'
import { openFileTarget } from './file-target.js'
import { opensslName } from './hash-names.js'
import { inlineHash } from './inline-hash.js'
import { workerHash } from './worker-hash.js'

/** Below this, starting a thread costs more than it saves. */
const workerFromBytes = 16 * 1024 * 1024

export const nodePlatform: Platform = {
  async createHash(algorithms, sizeBytes) {
    const small = sizeBytes !== undefined && sizeBytes < workerFromBytes
    return small ? inlineHash(algorithms) : workerHash(algorithms)
  },
  supports: async (algorithm) => opensslName(algorithm) !== undefined,
  gunzip,
  openTarget: openFileTarget,
}
