import type { Platform } from '../../platform/platform.js'
import type { Compression } from './compression.js'
import type { Decoder } from './decoder.js'

/** Each decoder is loaded when its format is met. */
const loaders: Readonly<Record<Exclude<Compression, 'gzip'>, () => Promise<Decoder>>> = {
  xz: async () => (await import('./xz/xz.js')).unxz,
  zstd: async () => (await import('./zstd/zstd.js')).unzstd,
  bzip2: async () => (await import('./bzip2/bzip2.js')).bunzip2,
}

export async function loadDecoder(compression: Compression, platform: Platform): Promise<Decoder> {
  return compression === 'gzip' ? platform.gunzip : loaders[compression]()
}
