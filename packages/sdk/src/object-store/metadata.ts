import type { ResponseHeaders } from '../errors/http-error.js'
import { UsageError } from '../errors/tyrax-error.js'
import { fromHeaderText, toHeaderText } from './header-text.js'

/** Free key-value pairs of a container or an object. Keys are case-insensitive and come back in lower case. */
export type Metadata = Readonly<Record<string, string>>

/** @throws UsageError for keys that are no header names */
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

/** What Swift keeps of an object as it was sent, and forgets in a POST that does not send it again (swift/obj/server.py). */
const keptHeaders = [
  'content-encoding',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
  'x-delete-at',
  'x-robots-tag',
]

/** The headers that an object keeps beside its type and metadata, for a request that is to leave them as they are. */
export function keptWith(headers: ResponseHeaders, more: readonly string[] = []): Record<string, string> {
  const names = [...keptHeaders, ...more]
  return Object.fromEntries([...headers].filter(([name]) => names.includes(name.toLowerCase())))
}

/** All that a copy of an object takes over beside its bytes and type. */
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
