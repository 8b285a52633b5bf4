import { codingsOf, responseHeaders } from '../transport/response-headers.js'
import type { TransportRequest, TransportResponse } from '../transport/transport.js'

/** Headers that a page is not allowed to set, or that would make CORS refuse the request. */
const unsettable = new Set(['user-agent', 'accept-encoding', 'content-length'])

/** The request headers that a page may set. */
export function settable(headers: TransportRequest['headers']): [name: string, value: string][] {
  return Object.entries(headers).filter(([name]) => !unsettable.has(name))
}

const undoable = ['gzip', 'deflate', 'br', 'zstd']

/**
 * `fetch` decodes all content encodings of a body, or none if it does not know one of them. It leaves the headers
 * unchanged.
 */
export function undoneByFetch(headers: Headers): string | undefined {
  const codings = codingsOf(headers.get('content-encoding'))
  return codings.length > 0 && codings.every((coding) => undoable.includes(coding)) ? codings.join(', ') : undefined
}

/** The headers, adjusted to describe the decoded body. */
export function describeHeaders(method: string, headers: Headers): Pick<TransportResponse, 'headers' | 'undone'> {
  const undone = method === 'HEAD' ? undefined : undoneByFetch(headers)
  return undone === undefined
    ? { headers }
    : { headers: responseHeaders(Object.fromEntries(headers), ['content-encoding', 'content-length']), undone }
}
