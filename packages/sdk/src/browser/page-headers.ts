import { codingsOf, responseHeaders } from '../transport/response-headers.js'
import type { TransportRequest, TransportResponse } from '../transport/transport.js'

/** Headers that a page may not set, or must not so as not to be refused by CORS. */
const unsettable = new Set(['user-agent', 'accept-encoding', 'content-length'])

/** The headers of a request that a page may set. */
export function settable(headers: TransportRequest['headers']): [name: string, value: string][] {
  return Object.entries(headers).filter(([name]) => !unsettable.has(name))
}

const undoable = ['gzip', 'deflate', 'br', 'zstd']

/** `fetch` undoes every encoding that it knows and leaves the headers as they came. With one that it does not know it undoes none. */
export function undoneByFetch(headers: Headers): string | undefined {
  const codings = codingsOf(headers.get('content-encoding'))
  return codings.length > 0 && codings.every((coding) => undoable.includes(coding)) ? codings.join(', ') : undefined
}

/** The headers as they describe the body that is handed out. */
export function describeHeaders(method: string, headers: Headers): Pick<TransportResponse, 'headers' | 'undone'> {
  const undone = method === 'HEAD' ? undefined : undoneByFetch(headers)
  return undone === undefined
    ? { headers }
    : { headers: responseHeaders(Object.fromEntries(headers), ['content-encoding', 'content-length']), undone }
}
