import type { ResponseHeaders } from '../transport/response-headers.js'

/** Swift gives it bare, and quoted for objects that are made of segments. */
export function etagOf(headers: ResponseHeaders): string {
  return (headers.get('etag') ?? '').replaceAll('"', '').toLowerCase()
}
