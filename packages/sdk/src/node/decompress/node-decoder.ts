import type { Compression } from '../../platform/compression.js'
import type { Decoder } from '../../platform/decoder.js'
import { inThread } from '../../sources/decompress/thread/in-thread.js'
import { gunzip } from './gunzip.js'
import { startThread } from './start-thread.js'
import { hasZstd, unzstd } from './unzstd.js'

/** All decoders run off the main thread: the runtime's own ones in its threads, the others in a worker. */
export function nodeDecoder(compression: Compression): Decoder {
  if (compression === 'gzip') return gunzip
  if (compression === 'zstd' && hasZstd()) return unzstd
  return inThread(compression, startThread)
}
