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
export function mergeMetadata(kind: 'account' | 'container', old: Metadata, headers: Headers): Metadata {
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
export function objectMetadata(headers: Headers): Metadata {
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

function checked(kind: string, metadata: Metadata): Metadata {
  const prefix = `x-${kind}-meta-`
  const own = Object.entries(metadata).filter(([name]) => name.startsWith(prefix))
  const refuse = (message: string) => new SwiftFault(400, message)
  for (const [name, value] of own) {
    const key = name.slice(prefix.length)
    if (key === '') throw refuse('Metadata name cannot be empty')
    if (key.length > swiftLimits.max_meta_name_length) {
      throw refuse(`Metadata name too long: ${titleCase(prefix)}${key}`)
    }
    if (Buffer.byteLength(value) > swiftLimits.max_meta_value_length) {
      throw refuse(`Metadata value longer than ${swiftLimits.max_meta_value_length}: ${titleCase(prefix)}${key}`)
    }
  }
  if (own.length > swiftLimits.max_meta_count) {
    throw refuse(`Too many metadata items; max ${swiftLimits.max_meta_count}`)
  }
  return metadata
}

/** `x-object-meta-color` as `X-Object-Meta-Color`. */
function titleCase(name: string): string {
  return name.replaceAll(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
}

/** Header values are UTF-8 on the wire; Node reads and writes them byte by byte as Latin-1. */
function decodeHeader(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8')
}
function encodeHeader(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}
