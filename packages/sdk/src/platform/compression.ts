import { type DetectedFormat, detectFormat } from '@tyrax/disk-image'

/** The compressions that can be decoded during a transfer. */
export type Compression = 'gzip' | 'xz' | 'zstd' | 'bzip2'

const names: ReadonlySet<DetectedFormat> = new Set<Compression>(['gzip', 'xz', 'zstd', 'bzip2'])

/** The compression of content, detected from its first bytes only: names and content types are unreliable. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  const format = detectFormat(head)
  return isCompression(format) ? format : undefined
}

function isCompression(format: DetectedFormat): format is Compression {
  return names.has(format)
}
