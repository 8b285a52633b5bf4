// Most responses have a short head and a Content-Length. These are read here: compiling undici's HTTP parser, which is
// WebAssembly, takes longer than a server takes to list images. Every other response, and all that follow it on its
// connection, are left to that parser.
const PAUSED = 21
const WITHOUT_BODY = 1

const statusLine = /^HTTP\/1\.1 ([2-5]\d\d) ([ -~]*)$/
/** A field as servers write it: whoever folds lines, or adds other white space, needs the parser. */
const field = /^([\w!#$%&'*+.^`|~-]+): ([!-~](?:[ -~]*[!-~])?)$/

/**
 * Reads the head of a response from the first bytes of it.
 * @param {Buffer} chunk
 * @returns undefined when it is not complete, or something in it needs the parser: an unusual character, a body without
 *   Content-Length or of another kind, another protocol
 */
function plainHead(chunk) {
  const end = chunk.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [first, ...lines] = chunk.toString('latin1', 0, end).split('\r\n')
  const [, status, reason] = statusLine.exec(first) ?? []
  // They have no body, whatever their fields say.
  if (status === undefined || status === '204' || status === '304') return undefined
  const fields = []
  let length
  let keepAlive = true
  let at = first.length + 2
  for (const line of lines) {
    const [, name, value] = field.exec(line) ?? []
    if (name === undefined) return undefined
    switch (name.toLowerCase()) {
      case 'content-length':
        if (length !== undefined || !/^\d{1,15}$/.test(value)) return undefined
        length = Number(value)
        break
      case 'connection':
        if (!keepAlive || !['close', 'keep-alive'].includes(value.toLowerCase())) return undefined
        keepAlive = value.toLowerCase() === 'keep-alive'
        break
      case 'transfer-encoding':
      case 'proxy-connection':
      case 'upgrade':
        return undefined
    }
    const start = at + name.length + 2
    fields.push([chunk.subarray(at, at + name.length), chunk.subarray(start, start + value.length)])
    at += line.length + 2
  }
  if (length === undefined) return undefined
  return { status: Number(status), reason: Buffer.from(reason), fields, keepAlive, length, end: end + 4 }
}

/**
 * Calls what undici's parser calls, as far as a chunk consists of such responses.
 * @param parser undici's `Parser`; its `left` is the number of bytes of the body that are yet to come, undefined before
 *   a response
 * @param {{ method: string, upgrade: unknown } | undefined} request what is being responded to
 * @returns {number} how many bytes have been read; fewer than there are when it has been paused, or the parser is needed
 */
function readPlain(parser, chunk, request) {
  let at = 0
  if (parser.left === undefined) {
    const head = request && !request.upgrade && request.method !== 'CONNECT' ? plainHead(chunk) : undefined
    if (!head) return 0
    parser.left = request.method === 'HEAD' ? 0 : head.length
    at = head.end
    check(parser, parser.onMessageBegin())
    check(parser, parser.onStatus(head.reason))
    for (const [name, value] of head.fields) {
      check(parser, parser.onHeaderField(name))
      check(parser, parser.onHeaderValue(value))
    }
    const result = parser.onHeadersComplete(head.status, false, head.keepAlive)
    check(parser, request.method === 'HEAD' && result === WITHOUT_BODY ? 0 : result)
  }
  const size = Math.min(parser.left, chunk.length - at)
  if (!parser.paused && size > 0) {
    parser.left -= size
    at += size
    check(parser, parser.onBody(size === chunk.length ? chunk : chunk.subarray(at - size, at)))
  }
  if (!parser.paused && parser.left === 0) {
    parser.left = undefined
    check(parser, parser.onMessageComplete())
  }
  return at
}

function check(parser, result) {
  if (result === PAUSED) parser.paused = true
  else if (result !== 0) throw new Error('the response is no longer expected')
}

module.exports = { plainHead, readPlain }
