import type { HttpContext } from '../../context.js'
import { targetOf } from '../../http/wire-request.js'
import { Refusal } from '../../refusal.js'
import { bestMatch } from './accept.js'
import { readParameter } from './target.js'
import { escapeAttribute, escapeText } from './xml.js'

/** One line of a listing, as JSON shows it. */
export type ListingEntry = { readonly subdir: string } | { readonly name: string; readonly [key: string]: unknown }

/** What is listed: the containers of an account, or the objects of a container. */
export interface Listed {
  readonly kind: 'account' | 'container'
  readonly name: string
}

/** How a listing is written, in pieces of some entries each. */
export interface ListingFormat {
  readonly begin: string
  /** @param isFirst whether it is the first piece */
  readonly entries: (entries: readonly ListingEntry[], isFirst: boolean) => string
  readonly end: string
  /** The whole of a listing without entries. */
  readonly empty: string
}

const types = ['text/plain', 'application/json', 'application/xml', 'text/xml'] as const
export type ListingType = (typeof types)[number]

const typesByName: Readonly<Record<string, ListingType>> = { json: 'application/json', xml: 'application/xml' }

/**
 * The requested type of a listing; `format` overrides Accept (swift/common/request_helpers.py
 * `get_listing_content_type`).
 * @throws Refusal not-acceptable; invalid for an Accept header that is none
 */
export function listingType(c: HttpContext): ListingType {
  const format = readParameter(targetOf(c), 'format')?.toLowerCase()
  if (format) return (Object.hasOwn(typesByName, format) ? typesByName[format] : undefined) ?? 'text/plain'
  const type = bestMatch(c.req.header('accept'), types)
  if (type === undefined) throw new Refusal('not-acceptable')
  return type
}

/** The headers that say of which type a listing is, and that Accept has chosen it. */
export function typeHeaders(c: HttpContext, type: ListingType): Record<string, string> {
  const isChosenByName = readParameter(targetOf(c), 'format') !== undefined
  return { 'Content-Type': `${type}; charset=utf-8`, ...(isChosenByName ? {} : { Vary: 'Accept' }) }
}

/** How a listing of this type is written (swift/common/middleware/listing_formats.py). */
export function listingFormat(type: ListingType, listed: Listed): ListingFormat {
  if (type === 'application/json') return json
  if (type === 'text/plain') return text
  return listed.kind === 'account' ? accountXml(listed.name) : containerXml(listed.name)
}

const json: ListingFormat = {
  begin: '[',
  entries: (entries, isFirst) => (isFirst ? '' : ',') + JSON.stringify(entries).slice(1, -1),
  end: ']',
  empty: '[]',
}

const text: ListingFormat = {
  begin: '',
  entries: (entries) => entries.map((entry) => `${'name' in entry ? entry.name : entry.subdir}\n`).join(''),
  end: '',
  empty: '',
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

function accountXml(name: string): ListingFormat {
  const begin = `${declaration}<account name="${escapeAttribute(name)}">\n`
  const fields = ['name', 'count', 'bytes', 'last_modified', 'storage_policy']
  return {
    begin,
    entries: (entries) =>
      entries
        .map((entry) =>
          'name' in entry
            ? `<container>${elements(entry, fields)}</container>\n`
            : `<subdir name="${escapeAttribute(entry.subdir)}" />\n`,
        )
        .join(''),
    end: '</account>',
    empty: `${begin}</account>`,
  }
}

function containerXml(name: string): ListingFormat {
  const tag = `${declaration}<container name="${escapeAttribute(name)}"`
  const fields = ['name', 'hash', 'bytes', 'content_type', 'last_modified']
  const subdir = (each: string) =>
    `<subdir name="${escapeAttribute(each)}">${elements({ name: each }, ['name'])}</subdir>`
  return {
    begin: `${tag}>`,
    entries: (entries) =>
      entries
        .map((entry) => ('name' in entry ? `<object>${elements(entry, fields)}</object>` : subdir(entry.subdir)))
        .join(''),
    end: '</container>',
    empty: `${tag} />`,
  }
}

function elements(entry: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return names.map((name) => `<${name}>${escapeText(String(entry[name]))}</${name}>`).join('')
}
