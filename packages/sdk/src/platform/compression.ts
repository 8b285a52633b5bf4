import { type DetectedFormat, detectFormat } from '@tyrax/disk-image'

/** The compressions that are undone on the way. */
export type Compression = 'gzip' | 'xz' | 'zstd' | 'bzip2'

const names: ReadonlySet<DetectedFormat> = new Set<Compression>(['gzip', 'xz', 'zstd', 'bzip2'])

/** How content is compressed, by its first bytes alone: a name or a content type proves nothing. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  const format = detectFormat(head)
  return isCompression(format) ? format : undefined
}

function isCompression(format: DetectedFormat): format is Compression {
  return names.has(format)
}
