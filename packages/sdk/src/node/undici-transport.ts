import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { linkedController, throwIfAborted } from '../transport/aborting.js'
import { type Attempted, connectFailure, readFailure } from '../transport/connection-failure.js'
import { incoming } from '../transport/incoming.js'
import { outgoing } from '../transport/outgoing.js'
import { addedCodings, codingsOf, responseHeaders } from '../transport/response-headers.js'
import type { Transport, TransportRequest, TransportResponse } from '../transport/transport.js'
import { createWatchdog } from '../transport/watchdog.js'
import type { ConnectionOptions } from './connection-options.js'
import { decoded, isDecodable } from './content-encoding.js'
import { createDispatchers, type Dispatchers } from './dispatchers.js'
import { type FollowedSockets, followSockets } from './followed-sockets.js'

/** The transport of Node: undici, with its own connections, closed by `close()`. */
export function createUndiciTransport(options: ConnectionOptions = {}): Transport {
  const dispatchers = createDispatchers(options)
  const sockets = followSockets()
  return {
    // undici requests more when less than 64 KiB wait in its socket; all data before the last chunk is sent by then.
    reuse: true,
    send: (request) => send(request, dispatchers, sockets),
    async close() {
      sockets.close()
      await dispatchers.close()
    },
  }
}

async function send(
  request: TransportRequest,
  dispatchers: Dispatchers,
  sockets: FollowedSockets,
): Promise<TransportResponse> {
  throwIfAborted(request.signal)
  const { timeouts, url, method } = request
  const { dispatcher, target, route } = await dispatchers.choose(request)
  const attempted: Attempted = {
    method,
    url,
    proxy: route.proxy && `${route.proxy.protocol}//${route.proxy.host}`,
    route: route.because,
    connectTimeoutMs: timeouts.connectTimeoutMs,
    headersTimeoutMs: timeouts.headersTimeoutMs,
  }
  const { control, unlink } = linkedController(request.signal)
  const watchdog = createWatchdog((error) => control.abort(error))
  const sending = new AbortController()
  const finish = () => {
    watchdog.stop()
    unlink()
    // Where nothing is being sent, only the error of the abort would be made.
    if (isStream(request.body)) sending.abort()
  }
  if (!isStream(request.body) && timeouts.headersTimeoutMs > 0) {
    // undici restarts its own limit with each interim response.
    const { connectTimeoutMs, headersTimeoutMs } = timeouts
    watchdog.arm('headers', connectTimeoutMs + headersTimeoutMs, `${url.host} has not responded`)
  }
  const { body, headers } = prepareBody(request, { watchdog, sockets, stop: sending.signal })
  try {
    const response = await dispatcher.request({
      origin: target.origin,
      path: target.path,
      method,
      headers: { ...headers, ...target.headers },
      body: body as unknown as Readable,
      signal: control.signal,
      // `outgoing` monitors a streamed body: it knows when the last byte has been sent.
      headersTimeout: isStream(request.body) ? 0 : timeouts.headersTimeoutMs,
      bodyTimeout: 0,
    })
    watchdog.rest()
    if (response.statusCode === 407 && route.proxy) {
      response.body.on('error', () => undefined).destroy()
      throw new Error('Proxy Authentication Required (407)')
    }
    const { codings, ...received } = describe(request, response.headers)
    return {
      status: response.statusCode,
      ...received,
      body: incoming(decoded(response.body, codings), {
        watchdog,
        idleTimeoutMs: timeouts.idleTimeoutMs,
        host: url.host,
        failure: (error) => (control.signal.aborted ? control.signal.reason : readFailure(error, attempted)),
        done: finish,
      }),
    }
  } catch (error) {
    finish()
    throw control.signal.aborted ? control.signal.reason : connectFailure(error, attempted)
  }
}

type StreamingBody = Exclude<NonNullable<TransportRequest['body']>, string | Uint8Array>

function isStream(body: TransportRequest['body']): body is StreamingBody {
  return typeof body === 'object' && 'stream' in body
}

function prepareBody(
  request: TransportRequest,
  sending: { watchdog: ReturnType<typeof createWatchdog>; sockets: FollowedSockets; stop: AbortSignal },
) {
  const { body, timeouts, url } = request
  if (!isStream(body)) return { body, headers: { ...request.headers } }
  const { watchdog, sockets, stop } = sending
  const size = body.size === undefined ? {} : { 'content-length': String(body.size) }
  const chunks: AsyncGenerator<Uint8Array, void> = outgoing(body, {
    watchdog,
    stop,
    unacknowledged: () => sockets.unacknowledged(chunks),
    idleTimeoutMs: timeouts.idleTimeoutMs,
    headersTimeoutMs: timeouts.headersTimeoutMs,
    host: url.host,
  })
  return { body: chunks, headers: { ...request.headers, ...size } }
}

/** Which codings to remove, and the headers of the body without them. */
function describe({ method, keepEncoding }: TransportRequest, raw: IncomingHttpHeaders): Described {
  // There is no body: the headers describe the response to a GET.
  if (method === 'HEAD') return { headers: responseHeaders(raw), codings: [] }
  const encoding = raw['content-encoding']
  // Transfer codings are always removed, whatever `keepEncoding` is (RFC 9112 section 6.1).
  const transfer = codingsOf(raw['transfer-encoding']).filter((coding) => coding !== 'chunked')
  const added = addedCodings(encoding, keepEncoding)
  const codings = [...added, ...transfer]
  if (codings.length === 0 || !codings.every(isDecodable)) return { headers: responseHeaders(raw), codings: [] }
  const kept = codingsOf(encoding).slice(0, codingsOf(encoding).length - added.length)
  const rest = { ...raw, 'content-encoding': kept.length > 0 ? kept.join(', ') : undefined }
  const headers = responseHeaders(rest, ['content-length'])
  return { headers, codings, ...(added.length > 0 && { undone: added.join(', ') }) }
}

interface Described extends Pick<TransportResponse, 'headers' | 'undone'> {
  readonly codings: readonly string[]
}
