import type { ResponseHeaders } from '../errors/http-error.js'
import { UsageError } from '../errors/tyrax-error.js'

/** Custom key-value pairs of a container or an object. Keys are case-insensitive and come back in lower case. */
export type Metadata = Readonly<Record<string, string>>

/** @throws UsageError for keys that are not valid header names */
export function metadataHeaders(kind: 'object' | 'container', metadata: Metadata): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [key, value] of Object.entries(metadata)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key)) {
      throw new UsageError(`${JSON.stringify(key)} cannot be the name of metadata`, {
        hint: 'use letters, digits, hyphens',
      })
    }
    headers[`x-${kind}-meta-${key.toLowerCase()}`] = toHeaderText(key, value)
  }
  return headers
}

/**
 * Headers that Swift stores with an object, and drops in a POST that does not send them again (swift/obj/server.py).
 */
const keptHeaders = [
  'content-encoding',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
  'x-delete-at',
  'x-robots-tag',
]

/** The headers that an object has in addition to its type and metadata, for a request that must not change them. */
export function keptWith(headers: ResponseHeaders, more: readonly string[] = []): Record<string, string> {
  const names = [...keptHeaders, ...more]
  return Object.fromEntries([...headers].filter(([name]) => names.includes(name.toLowerCase())))
}

/** Everything that a copy of an object inherits, except its bytes and type. */
export function ownHeaders(headers: ResponseHeaders): Record<string, string> {
  const metadata = [...headers].filter(([name]) => name.toLowerCase().startsWith('x-object-meta-'))
  return { ...keptWith(headers), ...Object.fromEntries(metadata) }
}

export function readMetadata(kind: 'object' | 'container', headers: ResponseHeaders): Metadata {
  const prefix = `x-${kind}-meta-`
  const metadata = Object.create(null) as Record<string, string>
  for (const [name, value] of headers) {
    if (name.startsWith(prefix)) metadata[name.slice(prefix.length)] = fromHeaderText(value)
  }
  return metadata
}

/** Swift stores UTF-8 in header values, while HTTP libraries use one byte per character (RFC 9110 section 5.5). */
export function toHeaderText(name: string, text: string): string {
  if (typeof text !== 'string') throw new UsageError(`${name} is ${String(text)}: it must be a string`)
  // oxlint-disable-next-line no-control-regex -- control characters must not get into a header
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) {
    throw new UsageError(`${name} holds a control character, which no header can carry`)
  }
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}

/** The reverse; text that is not UTF-8 stays as it is. */
export function fromHeaderText(text: string): string {
  const codes = Array.from(text, (character) => character.charCodeAt(0))
  if (codes.every((code) => code < 128) || codes.some((code) => code > 255)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(codes))
  } catch {
    return text
  }
}

/**
 * Swift sends it unquoted, but quoted for objects that are made of segments; a proxy that compresses marks it as weak.
 */
export function etagOf(headers: ResponseHeaders): string {
  return (headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '').toLowerCase()
}
