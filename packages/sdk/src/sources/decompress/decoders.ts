import type { Compression } from '../../platform/compression.js'
import type { Decoder } from '../../platform/decoder.js'

/** The compressions with a decoder of our own in JavaScript. */
export type OwnCompression = Exclude<Compression, 'gzip'>

const loaders: Readonly<Record<OwnCompression, () => Promise<Decoder>>> = {
  xz: async () => (await import('./xz/xz.js')).unxz,
  zstd: async () => (await import('./zstd/zstd.js')).unzstd,
  bzip2: async () => (await import('./bzip2/bzip2.js')).bunzip2,
}

/** Loads a decoder when its format is encountered. It decodes in the calling thread. */
export function loadOwnDecoder(compression: OwnCompression): Promise<Decoder> {
  return loaders[compression]()
}
