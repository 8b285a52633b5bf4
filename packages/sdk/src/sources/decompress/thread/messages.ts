import type { OwnCompression } from '../decoders.js'

/** Messages to a decompression thread. They contain buffers, not views: Deno processes a posted view byte by byte. */
export type ToThread =
  | { readonly begin: OwnCompression; readonly label: string }
  /** The next compressed bytes, in a separate buffer. */
  | { readonly bytes: ArrayBuffer }
  /** The input has ended, or reading it has failed. */
  | { readonly end: 'complete' | 'failed' }
  /** The number of further decompressed chunks that may be sent. */
  | { readonly room: number }

/** Messages from the thread. */
export type FromThread =
  /** The decoder is loaded. */
  | { readonly ready: true }
  /** The decoder cannot be loaded; no input has been consumed. */
  | { readonly unavailable: string }
  /** The number of further `bytes` messages that may be sent. */
  | { readonly wants: number }
  /** The first `length` bytes of the buffer are decompressed content. */
  | { readonly piece: ArrayBuffer; readonly length: number }
  /** The number of bytes at the end that do not belong to the format. */
  | { readonly passedOver: number }
  | { readonly done: true }
  /** Reading the compressed bytes has failed; the bytes before were valid. */
  | { readonly inputFailed: true }
  | { readonly error: ThreadError }

/** An error as plain data, because its class would be lost in a message. */
export interface ThreadError {
  readonly kind: 'damaged' | 'source' | 'other'
  readonly message: string
  readonly hint: string | undefined
  readonly cause: string | undefined
}

/** The largest amount of content in one message, in bytes. */
export const partBytes = 256 * 1024
/** How many such messages may be pending: one MiB in each direction, whatever the sizes of content and window. */
export const partsAhead = 4
