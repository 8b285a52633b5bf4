import { UsageError } from '../../errors/tyrax-error.js'
import type { Platform } from '../../platform/platform.js'
import { inThread } from '../../sources/decompress/thread/in-thread.js'
import { gunzip } from '../decompress/gunzip.js'
import { startThread } from '../decompress/start-thread.js'
import { getUrl } from '../sources/get-url.js'
import { hasherOf, wasmHash } from './wasm-hash.js'

export const browserPlatform: Platform = {
  createHash: (algorithms) => wasmHash(algorithms),
  supports: async (algorithm) => (await hasherOf(algorithm)) !== undefined,
  decoder: (compression) => (compression === 'gzip' ? gunzip : inThread(compression, startThread)),
  getUrl,
  async openTarget(path) {
    throw new UsageError(`there are no files here to download ${path} to`, {
      hint: 'download without `to`, and read the stream instead',
    })
  },
}
