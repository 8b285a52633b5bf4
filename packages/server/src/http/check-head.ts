import type { IncomingMessage } from 'node:http'

/** Bytes of the request line or a header, the end of the line included (swift/common/constraints.py, eventlet/wsgi.py). */
const longestLine = 8192
/** Python's http.client takes 1.6 times as many as a Swift with all its metadata needs (swift/common/bufferedhttp.py). */
const mostHeaders = 201

/** What is wrong with a request whichever service it is for; undefined when nothing is. */
export function checkHead(
  incoming: IncomingMessage,
): { readonly status: number; readonly message: string } | undefined {
  const { method = '', url = '', rawHeaders } = incoming
  if (`${method} ${url} HTTP/1.1\r\n`.length >= longestLine) {
    return { status: 414, message: 'the request line is longer than 8192 bytes' }
  }
  if (rawHeaders.length / 2 > mostHeaders) return { status: 431, message: `there are more than ${mostHeaders} headers` }
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
    if (name.length + value.length + ': \r\n'.length >= longestLine) {
      return { status: 400, message: 'a header is longer than 8192 bytes' }
    }
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  // RFC 9112 section 3.2
  if (hosts > 1) return { status: 400, message: 'there is more than one Host header' }
  return undefined
}
