import { SourceError } from '../errors/transfer-errors.js'
import type { Compression } from './compression.js'

/**
 * Undoes one compression: the whole of the input, member after member, in pieces of bounded size that the decoder does
 * not touch again. Every check that the format carries is made. What is not the format's is an error, or is passed over
 * where the format's program does so; then `onPassedOver` is called with the number of bytes.
 * @throws SourceError for content that is damaged, ends early, or needs more memory than is given to it
 */
export type Decoder = (
  input: AsyncIterable<Uint8Array>,
  label: string,
  onPassedOver?: (bytes: number) => void,
) => AsyncIterable<Uint8Array>

/** What content may ask a decoder to remember, in bytes: as much as `zstd -d` takes, and twice what `xz -9` makes. */
export const largestWindowBytes = 128 * 1024 * 1024

/** Content that contradicts itself: it may be sound where it comes from. */
export class DamagedData extends SourceError {}

/** The content contradicts itself. */
export function damaged(label: string, compression: Compression, what: string, cause?: unknown): DamagedData {
  return new DamagedData(`${label} is damaged: its ${compression} data ${what}`, {
    cause,
    hint: 'get it again, and compare it with its published checksum',
  })
}

/** The content stops before its end. */
export function endsEarly(label: string, compression: Compression, cause?: unknown): SourceError {
  return damaged(label, compression, 'ends too early', cause)
}

/** The content is sound, and asks for what is not offered here. */
export function unsupported(label: string, compression: Compression, what: string): SourceError {
  return new SourceError(`${label} cannot be decompressed here: its ${compression} data ${what}`, {
    hint: `decompress it with the ${compression} program first, into a file or a pipe`,
  })
}
