import type { ResponseHeaders } from '../errors/http-error.js'

/** Swift gives it bare, and quoted for objects that are made of segments; a proxy that compresses marks it as weak. */
export function etagOf(headers: ResponseHeaders): string {
  return (headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '').toLowerCase()
}
