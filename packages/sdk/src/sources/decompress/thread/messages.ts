import type { OwnCompression } from '../decoders.js'

/** What a thread that decompresses is told. Memory goes as such: Deno walks a view that is posted byte by byte. */
export type ToThread =
  | { readonly begin: OwnCompression; readonly label: string }
  /** The next compressed bytes, in memory of their own. */
  | { readonly bytes: ArrayBuffer }
  /** There are no more, or reading them has failed. */
  | { readonly end: 'complete' | 'failed' }
  /** The number of further pieces that there is room for. */
  | { readonly room: number }

/** What it says. */
export type FromThread =
  /** It can begin. */
  | { readonly ready: true }
  /** It cannot, and has consumed nothing. */
  | { readonly unavailable: string }
  /** The number of further `bytes` that it has room for. */
  | { readonly wants: number }
  /** Decompressed: the first `length` bytes of this. */
  | { readonly piece: ArrayBuffer; readonly length: number }
  /** The number of bytes at the end that are not of the format. */
  | { readonly passedOver: number }
  | { readonly done: true }
  /** Reading the compressed bytes has failed, and nothing is wrong with those before. */
  | { readonly inputFailed: true }
  | { readonly error: ThreadError }

/** An error as it travels: its class would be lost. */
export interface ThreadError {
  readonly kind: 'damaged' | 'source' | 'other'
  readonly message: string
  readonly hint: string | undefined
  readonly cause: string | undefined
}

/** The largest part of content that travels at a time, in bytes. */
export const partBytes = 256 * 1024
/** How many of them may be on their way: in each direction a MiB, whatever the sizes of content and window. */
export const partsAhead = 4
