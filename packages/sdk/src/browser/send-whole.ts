import { ConnectionError } from '../errors/connection-errors.js'
import { SourceError } from '../errors/transfer-errors.js'
import { linkedController, throwIfAborted } from '../transport/aborting.js'
import type { Attempted } from '../transport/connection-failure.js'
import { redactUrl } from '../transport/redact.js'
import type { StreamBody, TransportRequest, TransportResponse } from '../transport/transport.js'
import { createWatchdog } from '../transport/watchdog.js'
import { blockedFailure } from './blocked-failure.js'
import { createPace, type Pace } from './pace.js'
import { describeHeaders, settable } from './page-headers.js'
import { sendByXhr, type WholeExchange, type WholeResponse } from './send-by-xhr.js'

/** What a runtime offers for sending. */
export interface Means {
  readonly call: typeof fetch
  /** `fetch` does not report upload progress; XMLHttpRequest does. */
  readonly hasXhr: boolean
  /** Origins that have responded. */
  readonly known: Set<string>
}

/**
 * Sends a Blob. The body's stream is read at the same pace, since reading it computes the hash and the count; an error
 * in the stream aborts the request.
 */
export async function sendWhole(
  request: TransportRequest,
  body: StreamBody,
  openBlob: NonNullable<StreamBody['blob']>,
  means: Means,
): Promise<TransportResponse> {
  throwIfAborted(request.signal)
  const { url, method, timeouts } = request
  const attempted: Attempted = { method, url, ...timeouts }
  const { control, unlink } = linkedController(request.signal)
  const watchdog = createWatchdog((error) => control.abort(error))
  const pace = createPace()
  try {
    const blob = await openBlob(control.signal)
    control.signal.throwIfAborted()
    if (body.size !== undefined && blob.size !== body.size) throw wrongLength(body.size, blob.size)
    const passed = passAlong(body.stream, blob.size, pace)
    passed.catch((error: unknown) => control.abort(error))
    const exchange: WholeExchange = {
      request,
      // The browser sets Content-Length; the default CORS settings of Glance do not allow this header.
      headers: settable(request.headers).filter(([name]) => name !== 'x-openstack-image-size'),
      blob,
      signal: control.signal,
      pace,
      watchdog,
    }
    const response = await (means.hasXhr ? sendByXhr(exchange) : sendByFetch(exchange, means.call))
    watchdog.rest()
    means.known.add(url.origin)
    if (wasRedirected(response, url)) throw redirected(attempted)
    // When the server refuses early, the rest of the body need not be hashed.
    if (response.status < 300) await passed
    return {
      status: response.status,
      ...describeHeaders(method, response.headers),
      body: inOne(response.body),
    }
  } catch (error) {
    throw control.signal.aborted ? control.signal.reason : blockedFailure(error, attempted, means.known)
  } finally {
    pace.stop()
    watchdog.stop()
    unlink()
  }
}

/** Reads the stream at the pace at which its bytes are sent. */
async function passAlong(stream: AsyncIterable<Uint8Array>, size: number, pace: Pace): Promise<void> {
  let passed = 0
  for await (const chunk of stream) {
    passed += chunk.byteLength
    if (passed > size) throw wrongLength(size, passed)
    if (!(await pace.sent(passed))) return
  }
  if (passed !== size) throw wrongLength(size, passed)
}

async function sendByFetch(
  { request, headers, blob, signal, pace }: WholeExchange,
  call: typeof fetch,
): Promise<WholeResponse> {
  pace.all()
  const response = await call(request.url, {
    method: request.method,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    body: blob,
    redirect: 'error',
    cache: 'no-store',
    credentials: 'omit',
    signal,
  })
  const body = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, headers: response.headers, body, url: response.url }
}

/** XMLHttpRequest always follows redirects. */
function wasRedirected(response: WholeResponse, url: URL): boolean {
  if (response.url === '') return false
  const from = new URL(response.url)
  return from.origin !== url.origin || from.pathname !== url.pathname
}

function redirected({ method, url }: Attempted): ConnectionError {
  return new ConnectionError(`${method} ${redactUrl(url)} was redirected`, {
    reason: 'unknown',
    method,
    url: redactUrl(url),
    hint: "name the address that it redirects to as the service's endpoint override",
  })
}

function wrongLength(announced: number, actual: number): SourceError {
  return new SourceError(`the body has ${actual} bytes but ${announced} were announced`, {
    hint: 'the source changed while it was read, or its declared size is wrong',
  })
}

async function* inOne(body: Uint8Array): AsyncGenerator<Uint8Array, void> {
  if (body.byteLength > 0) yield body
}
