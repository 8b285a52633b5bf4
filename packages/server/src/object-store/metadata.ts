import { isUtf8 } from 'node:buffer'
import type { RequestHeaders } from '../http/wire-request.js'
import { SwiftFault } from './errors.js'

/** Metadata as it is stored: header name, lower case, to value. */
export type Metadata = Readonly<Record<string, string>>

/** Limits of a stock Swift (swift/common/constraints.py), as `/info` tells them. */
export const swiftLimits = {
  max_file_size: 5 * 1024 ** 3 + 2,
  max_meta_name_length: 128,
  max_meta_value_length: 256,
  max_meta_count: 90,
  max_meta_overall_size: 4096,
  max_header_size: 8192,
  max_object_name_length: 1024,
  container_listing_limit: 10_000,
  account_listing_limit: 10_000,
  max_account_name_length: 256,
  max_container_name_length: 256,
} as const

/** Headers of a container that are kept beside its metadata. */
const containerHeaders = ['x-container-read', 'x-container-write', 'x-versions-location', 'x-history-location']
/** Headers of an object that are kept beside its metadata and given back. */
const objectHeaders = [
  'content-encoding',
  'content-disposition',
  'cache-control',
  'content-language',
  'expires',
  // What makes an object a dynamic large one: a POST without it leaves the empty object that it was.
  'x-object-manifest',
]

/**
 * Account or container metadata after a POST or PUT: what is sent is added, an empty value or an
 * `X-Remove-…` header removes, everything else stays (swift/proxy/controllers/base.py `transfer_headers`).
 */
export function mergeMetadata(kind: 'account' | 'container', old: Metadata, headers: RequestHeaders): Metadata {
  const merged = new Map(Object.entries(old))
  const keeps = (name: string) =>
    name.startsWith(`x-${kind}-meta-`) || (kind === 'container' && containerHeaders.includes(name))
  for (const [name, value] of headers) {
    const removed = name.replace(/^x-remove-/, 'x-')
    if (removed !== name && keeps(removed)) merged.delete(removed)
    if (!keeps(name)) continue
    if (value === '') merged.delete(name)
    else merged.set(name, decodeHeader(value))
  }
  return checked(kind, Object.fromEntries(merged))
}

/** Object metadata of a PUT or POST: always the whole, nothing is kept of what was there. */
export function objectMetadata(headers: RequestHeaders): Metadata {
  const kept: Record<string, string> = {}
  for (const [name, value] of headers) {
    if ((name.startsWith('x-object-meta-') && value !== '') || objectHeaders.includes(name))
      kept[name] = decodeHeader(value)
  }
  return checked('object', kept)
}

/** Metadata as response headers. */
export function metadataHeaders(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [titleCase(name), encodeHeader(value)]))
}

/**
 * Of an account or container, what a request brings and what it makes of what was there are held to the same limits
 * (swift/common/constraints.py `check_metadata`, swift/common/db.py `validate_metadata`). Lengths are in bytes.
 */
function checked(kind: string, metadata: Metadata): Metadata {
  const prefix = `x-${kind}-meta-`
  const refuse = (message: string) => new SwiftFault(400, message)
  let count = 0
  let size = 0
  for (const [name, value] of Object.entries(metadata)) {
    if (!name.startsWith(prefix)) continue
    const key = name.slice(prefix.length)
    const shown = `${prefix}${titleCase(key)}`
    const length = encodeHeader(value).length
    if (key === '') throw refuse('Metadata name cannot be empty')
    if (kind !== 'object' && isBytes(value)) throw refuse('Metadata must be valid UTF-8')
    count += 1
    size += key.length + length
    if (key.length > swiftLimits.max_meta_name_length) throw refuse(`Metadata name too long: ${shown}`)
    if (length > swiftLimits.max_meta_value_length) {
      throw refuse(`Metadata value longer than ${swiftLimits.max_meta_value_length}: ${shown}`)
    }
    if (count > swiftLimits.max_meta_count) throw refuse(`Too many metadata items; max ${swiftLimits.max_meta_count}`)
    if (size > swiftLimits.max_meta_overall_size) {
      throw refuse(`Total metadata too large; max ${swiftLimits.max_meta_overall_size}`)
    }
  }
  return metadata
}

/** `x-object-meta-color` as `X-Object-Meta-Color`. */
function titleCase(name: string): string {
  return name.replaceAll(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
}

/**
 * Header values are UTF-8 on the wire; Node reads and writes them byte by byte as Latin-1. What is not UTF-8 is kept
 * byte by byte as well, as U+DC80 to U+DCFF, which no UTF-8 is (Python's surrogateescape).
 */
function decodeHeader(value: string): string {
  const bytes = Buffer.from(value, 'latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return value.replaceAll(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))
}
function encodeHeader(value: string): string {
  if (isBytes(value))
    return value.replaceAll(/[\udc80-\udcff]/g, (half) => String.fromCharCode(half.charCodeAt(0) - 0xdc00))
  return Buffer.from(value, 'utf8').toString('latin1')
}
function isBytes(value: string): boolean {
  return /\p{Surrogate}/u.test(value)
}
