import type { Compression } from '../../platform/compression.js'
import type { Decoder } from '../../platform/decoder.js'
import { inThread } from '../../sources/decompress/thread/in-thread.js'
import { gunzip } from './gunzip.js'
import { startThread } from './start-thread.js'
import { hasZstd, unzstd } from './unzstd.js'

/** All of it beside the main thread: what the runtime has in its own threads, the rest in a worker. */
export function nodeDecoder(compression: Compression): Decoder {
  if (compression === 'gzip') return gunzip
  if (compression === 'zstd' && hasZstd()) return unzstd
  return inThread(compression, startThread)
}
