import type { DetectedFormat } from './detected-format.js'

/** A part of the image that a format asks for: from a place, or the last bytes. */
export type Want = { readonly offset: bigint; readonly length: number } | { readonly last: number }

/** A value that is true as printed: numbers are safe integers, larger ones are decimal strings. */
export type Detail = string | number | boolean | readonly string[]

/** What one format's walk through the image found. */
export interface Finding {
  /** What it turned out to be when the first bytes did not tell: a fixed VHD is named by its last sector only. */
  readonly identity?: { readonly name: DetectedFormat; readonly diskFormat?: string }
  /** Bytes the guest sees; `fileMinus` means: the length of the file less that many bytes. */
  readonly virtualSize?: bigint | { readonly fileMinus: bigint }
  readonly details?: Readonly<Record<string, Detail | bigint | undefined>>
  readonly backingFile?: string | undefined
  readonly dataFile?: string | undefined
  readonly encrypted?: boolean
  /** Why Glance's own inspector refuses this content. */
  readonly refusals?: readonly string[]
  /** What Glance does not look at, yet is in the way of using the image. */
  readonly warnings?: readonly string[]
  /** How far the file must reach to be whole. */
  readonly needs?: readonly Need[]
  /** Why it cannot be whole, where no length tells. */
  readonly cutOff?: string | undefined
  /** Something that matters lies where the driver could not look. */
  readonly isPartial?: boolean
}

/** What a format's structures say about the length of the file. */
export interface Need {
  /** The file must have at least that many bytes. */
  readonly bytes: bigint
  /** What refers to the last of them, as in `an L2 table names data at`. @default its headers */
  readonly what?: string
  /** Sound images may be shorter: tools differ in how they end a file. */
  readonly isSoft?: boolean
  /** Sound images may be shorter by as much. */
  readonly slack?: bigint
}

/** Stands for a part that is there but cannot be looked at: beyond the beginning of a stream, say. */
export const unseen = new Uint8Array(0)

/**
 * A walk without I/O: it yields what it wants to see next and receives those bytes, fewer when the file ends or the
 * part can no longer be had (a stream that went past it), {@link unseen} where the driver cannot look. Any driver, over
 * a stream or over ranges, can run it.
 */
export type Walk = Generator<Want, Finding, Uint8Array>

export interface Format {
  readonly name: DetectedFormat
  /** Glance's `disk_format` for it; absent when Glance has none. */
  readonly diskFormat?: string
  /** Looks only at the first bytes. */
  recognises(head: Uint8Array): boolean
  /** The name under which Glance's inspector (oslo.utils `format_inspector`) recognises the same content. */
  readonly glanceName?: string
  /** Whether that inspector matches; its rules are often narrower or wider than ours. */
  glanceSees?(head: Uint8Array): boolean
  /** `head` is the first `peekLength` bytes, or all of a shorter file; a format that needs no more tells at once. */
  walk(head: Uint8Array): Walk | Finding
}

export function* walkThrough(format: Format, head: Uint8Array): Walk {
  const walk = format.walk(head)
  return Symbol.iterator in walk ? yield* walk : walk
}

export const at = (offset: number | bigint, length: number): Want => ({ offset: BigInt(offset), length })

/** The bytes of a part: out of the head when it is there, else asked for. */
export function* part(head: Uint8Array, offset: bigint, length: number): Generator<Want, Uint8Array, Uint8Array> {
  if (offset + BigInt(length) <= BigInt(head.length)) return head.subarray(Number(offset), Number(offset) + length)
  return yield { offset, length }
}
