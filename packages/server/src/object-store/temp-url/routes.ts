import type { HttpContext } from '../../context.js'
import { targetOf } from '../../http/wire-request.js'
import { Refusal } from '../../refusal.js'
import { type ObjectAddress, quotePath } from '../address.js'
import type { Handler } from '../http/resource.js'
import { readFirstParameter, type SwiftPath } from '../http/target.js'
import type { ContentOf } from '../objects/content.js'
import type { ObjectRecord } from '../objects/object-record.js'
import type { ObjectService } from '../objects/object-service.js'
import { sendContent } from '../objects/object-wire.js'
import type { SignedRequest, TempUrlService } from './temp-url-service.js'

interface TempUrlRouteParts {
  readonly tempUrls: TempUrlService
  readonly objects: ObjectService
  readonly contentOf: ContentOf
  /** Handles requests for objects without regard to their query, which the signature does not cover. */
  readonly plain: Handler<ObjectAddress>
}

type TempUrlHandler = (c: HttpContext, at: SwiftPath) => Promise<Response> | Response

/** Finds the handler of a request with a signature in its query; undefined for any other one. */
export function tempUrlHandler(parts: TempUrlRouteParts): (c: HttpContext) => TempUrlHandler | undefined {
  const { tempUrls, objects, contentOf, plain } = parts
  return (c) => {
    const { method } = c.req.raw
    const target = targetOf(c)
    if (method === 'OPTIONS' || !target.includes('temp_url_')) return undefined
    const read = (name: string) => readFirstParameter(target, name)
    const [signature, expiresText] = [read('temp_url_sig'), read('temp_url_expires')]
    if (signature === undefined && expiresText === undefined) return undefined

    return async (_, { account, container = '', object = '' }) => {
      const at = { account, container, object }
      const expires = readTime(expiresText)
      const request: SignedRequest = {
        method: target.startsWith('/v1/') ? method : '',
        at,
        signature: signature ?? '',
        expires,
        prefix: read('temp_url_prefix'),
        ipRange: read('temp_url_ip_range') || undefined,
        clientAddress: c.env.incoming.socket.remoteAddress,
      }
      const access = tempUrls.admit(request)
      if (method !== 'GET' && method !== 'HEAD') {
        refusePointers(c)
        return plain(c, at, access)
      }
      const found = objects.get(at)
      const isInline = read('inline') !== undefined
      const shown = publicPart(found, disposition(found, read('filename'), isInline), expires)
      const more = found.large ? { 'X-Manifest-Etag': found.etag } : undefined
      return sendContent(c, shown, await contentOf(account, found, access), more ?? {})
    }
  }
}

/** Epoch seconds or `2026-01-31T23:59:59Z`; 0 for anything else, which is long past. */
function readTime(text: string | undefined): number {
  if (text === undefined) return 0
  if (/^\s*\+?\d+\s*$/.test(text)) return Number(text)
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)
  return isIso ? Math.max(0, Date.parse(text) / 1000) || 0 : 0
}

/** Headers by which an upload would refer to other objects, which readers of the upload could then read. */
const pointers = ['X-Object-Manifest', 'X-Symlink-Target', 'X-Copy-From']

function refusePointers(c: HttpContext): void {
  const pointer = pointers.find((name) => c.req.header(name) !== undefined)
  if (pointer !== undefined) throw new Refusal('invalid', `The header '${pointer}' is not allowed in this tempurl`)
}

/** The object as a signature shows it: without its metadata, but for what is named `Public-…`. */
function publicPart(object: ObjectRecord, contentDisposition: string, expires: number): ObjectRecord {
  const shown = Object.entries(object.metadata).filter(
    ([name]) => !name.startsWith('x-object-meta-') || name.startsWith('x-object-meta-public-'),
  )
  const latestMs = 8.64e15
  return {
    ...object,
    metadata: {
      ...Object.fromEntries(shown),
      'content-disposition': contentDisposition,
      expires: new Date(Math.min(expires * 1000, latestMs)).toUTCString(),
    },
  }
}

/** By the query, the object's metadata, or its name. */
function disposition({ name, metadata }: ObjectRecord, filename: string | undefined, isInline: boolean): string {
  const kind = isInline ? 'inline' : 'attachment'
  if (filename) return withFileName(kind, filename)
  if (isInline) return kind
  const own = metadata['content-disposition']
  return own ?? withFileName(kind, name.replace(/\/+$/, '').split('/').at(-1) ?? '')
}

function withFileName(kind: string, name: string): string {
  const encoded = quotePath(name)
  return `${kind}; filename="${encoded.replaceAll('%20', ' ')}"; filename*=UTF-8''${encoded}`
}
