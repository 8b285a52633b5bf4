import type { DetectedFormat } from './detected-format.js'

/** A range of the image that a format requests: from an offset, or the last bytes. */
export type Want = { readonly offset: bigint; readonly length: number } | { readonly last: number }

/** A value that is exact as printed: numbers are safe integers, larger ones are decimal strings. */
export type Detail = string | number | boolean | readonly string[]

/** The result of one format's walk through the image. */
export interface Finding {
  /** The format, when the first bytes did not show it: only the last sector identifies a fixed VHD. */
  readonly identity?: { readonly name: DetectedFormat; readonly diskFormat?: string }
  /** Bytes that the guest sees; `fileMinus`: the length of the file minus that number of bytes. */
  readonly virtualSize?: bigint | { readonly fileMinus: bigint }
  readonly details?: Readonly<Record<string, Detail | bigint | undefined>>
  readonly backingFile?: string | undefined
  readonly dataFile?: string | undefined
  readonly encrypted?: boolean
  /** Why Glance's own inspector refuses this content. */
  readonly refusals?: readonly string[]
  /** Problems that Glance does not check for, but that prevent the use of the image. */
  readonly warnings?: readonly string[]
  /** The length that the file must have to be complete. */
  readonly needs?: readonly Need[]
  /** Why it cannot be complete, when its length does not show it. */
  readonly cutOff?: string | undefined
  /** Something relevant lies where the driver could not look. */
  readonly isPartial?: boolean
}

/** What a format's structures require of the length of the file. */
export interface Need {
  /** The file must have at least this number of bytes. */
  readonly bytes: bigint
  /** What refers to the last of them, as in `an L2 table names data at`. @default its headers */
  readonly what?: string
  /** Valid images may be shorter: tools differ in how they end a file. */
  readonly isSoft?: boolean
  /** Valid images may be shorter by this number of bytes. */
  readonly slack?: bigint
}

/** Stands for a range that exists but cannot be read: for example, beyond the beginning of a stream. */
export const unseen = new Uint8Array(0)

/**
 * A walk without I/O: it yields the range that it needs next and receives those bytes; fewer when the file ends or the
 * range can no longer be read (a stream that is past it), and {@link unseen} where the driver cannot look. Any driver,
 * over a stream or over ranges, can run it.
 */
export type Walk = Generator<Want, Finding, Uint8Array>

export interface Format {
  readonly name: DetectedFormat
  /** Glance's `disk_format` for it; absent when Glance has none. */
  readonly diskFormat?: string
  /** Looks at the first bytes only. */
  recognises(head: Uint8Array): boolean
  /** The name under which Glance's inspector (oslo.utils `format_inspector`) recognises the same content. */
  readonly glanceName?: string
  /** Whether that inspector matches; its rules are often narrower or wider than ours. */
  glanceSees?(head: Uint8Array): boolean
  /**
   * `head` is the first `peekLength` bytes, or all of a shorter file; a format that needs no more bytes returns its
   * finding directly.
   */
  walk(head: Uint8Array): Walk | Finding
}

export function* walkThrough(format: Format, head: Uint8Array): Walk {
  const walk = format.walk(head)
  return Symbol.iterator in walk ? yield* walk : walk
}

export const at = (offset: number | bigint, length: number): Want => ({ offset: BigInt(offset), length })

/** The bytes of a range: from the head if it holds them, otherwise requested. */
export function* part(head: Uint8Array, offset: bigint, length: number): Generator<Want, Uint8Array, Uint8Array> {
  if (offset + BigInt(length) <= BigInt(head.length)) return head.subarray(Number(offset), Number(offset) + length)
  return yield { offset, length }
}
