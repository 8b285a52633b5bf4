import type { HttpContext } from '../../context.js'
import { deleteAtHeader, readDeleteAt } from '../expiry/delete-at.js'
import { isBytes, textOf } from '../bytes-as-text.js'
import { titleCase, type Metadata, type MetadataChanges } from '../metadata.js'

/** Headers of a container that are stored with its metadata. */
const containerHeaders = ['x-container-read', 'x-container-write']
/** Headers of an object that are stored with its metadata and returned. */
const objectHeaders = [
  'content-encoding',
  'content-disposition',
  'cache-control',
  'content-language',
  'expires',
  // Makes an object a dynamic large one; after a POST without it, the object is an empty one again.
  'x-object-manifest',
]

/**
 * The changes that a POST or PUT makes to an account's or container's metadata: values that are sent are set, an empty
 * value or an `X-Remove-…` header removes one (swift/proxy/controllers/base.py `transfer_headers`).
 */
export function readMetadataChanges(kind: 'account' | 'container', c: HttpContext): MetadataChanges {
  const keeps = (name: string) =>
    name.startsWith(`x-${kind}-meta-`) ||
    (kind === 'container' ? containerHeaders.includes(name) : name.startsWith('x-account-quota-'))
  const changes: (readonly [string, string | undefined])[] = []
  for (const [name, value] of c.req.raw.headers) {
    const removed = name.replace(/^x-remove-/, 'x-')
    if (removed !== name && keeps(removed)) changes.push([removed, undefined])
    if (keeps(name)) changes.push([name, value === '' ? undefined : decodeHeader(value)])
  }
  return changes
}

/**
 * Object metadata of a PUT or POST, which replaces all earlier metadata, its expiry included.
 * @throws Refusal invalid for an expiry that is none
 */
export function readObjectMetadata(c: HttpContext): Metadata {
  const kept: Record<string, string> = {}
  for (const [name, value] of c.req.raw.headers) {
    if (name.startsWith('x-object-meta-') || objectHeaders.includes(name)) kept[name] = decodeHeader(value)
  }
  const deleteAt = readDeleteAt(c.req.header('x-delete-after'), c.req.header(deleteAtHeader), Date.now())
  return deleteAt === undefined ? kept : { ...kept, [deleteAtHeader]: deleteAt }
}

/** Metadata as response headers. */
export function metadataHeaders(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [titleCase(name), encodeHeader(value)]))
}

/** Metadata that only the owner of an account sees: access lists and keys (swift/proxy/server.py `swift_owner_headers`). */
const ownersKeys: ReadonlySet<string> = new Set([
  'x-container-read',
  'x-container-write',
  'x-account-meta-temp-url-key',
  'x-account-meta-temp-url-key-2',
  'x-container-meta-temp-url-key',
  'x-container-meta-temp-url-key-2',
])

export function withoutOwnersKeys(metadata: Metadata): Metadata {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !ownersKeys.has(name)))
}

/**
 * Header values are UTF-8 on the wire, but Node reads and writes them as Latin-1, one character per byte.
 */
function decodeHeader(value: string): string {
  return textOf(Buffer.from(value, 'latin1'))
}

function encodeHeader(value: string): string {
  if (isBytes(value))
    return value.replaceAll(/[\udc80-\udcff]/g, (half) => String.fromCharCode(half.charCodeAt(0) - 0xdc00))
  return Buffer.from(value, 'utf8').toString('latin1')
}
