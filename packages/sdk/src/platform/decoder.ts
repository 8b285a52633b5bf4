import { SourceError } from '../errors/transfer-errors.js'
import type { Compression } from './compression.js'

/**
 * Decodes one compression: all members of the input, in chunks of limited size that the decoder does not modify later.
 * All checks that the format provides are made. Bytes that do not belong to the format are an error, or are skipped
 * where the format's own program skips them; then `onPassedOver` is called with their number.
 * @throws SourceError for content that is damaged, ends early, or needs more memory than allowed
 */
export type Decoder = (
  input: AsyncIterable<Uint8Array>,
  label: string,
  onPassedOver?: (bytes: number) => void,
) => AsyncIterable<Uint8Array>

/** The largest window that content may require, in bytes: the limit of `zstd -d`, and twice the window of `xz -9`. */
export const largestWindowBytes = 128 * 1024 * 1024

/** The content is inconsistent. It may be intact at its origin, and damaged on the way. */
export class DamagedData extends SourceError {}

/** The error for inconsistent content. */
export function damaged(label: string, compression: Compression, what: string, cause?: unknown): DamagedData {
  return new DamagedData(`${label} is damaged: its ${compression} data ${what}`, {
    cause,
    hint: 'get it again, and compare it with its published checksum',
  })
}

/** The error for content that ends early. */
export function endsEarly(label: string, compression: Compression, cause?: unknown): SourceError {
  return damaged(label, compression, 'ends too early', cause)
}

/** The error for content that is valid, but uses features that are not supported here. */
export function unsupported(label: string, compression: Compression, what: string): SourceError {
  return new SourceError(`${label} cannot be decompressed here: its ${compression} data ${what}`, {
    hint: `decompress it with the ${compression} program first, into a file or a pipe`,
  })
}
