import { linkedController, throwIfAborted } from '../transport/aborting.js'
import { codingsOf } from '../transport/content-codings.js'
import { connectFailure, readFailure, type Attempted } from '../transport/connection-failure.js'
import { incoming } from '../transport/incoming.js'
import { outgoing } from '../transport/outgoing.js'
import type { StreamBody, Transport, TransportRequest, TransportResponse } from '../transport/transport.js'
import { responseHeaders } from '../transport/response-headers.js'
import { createWatchdog } from '../transport/watchdog.js'

/** Headers that a page may not set, or must not so as not to be refused by CORS. */
const unsettable = new Set(['user-agent', 'accept-encoding', 'content-length'])

/**
 * The transport of runtimes that have `fetch` and no sockets. Redirects are errors: `fetch` would have to keep the
 * whole body in memory to repeat it, and would take the token along. Connections, TLS and proxies are the runtime's.
 */
export function createFetchTransport(options: { fetch?: typeof fetch } = {}): Transport {
  const call = options.fetch ?? ((input, init) => fetch(input, init))
  return { send: (request) => send(request, call), close: async () => undefined }
}

async function send(request: TransportRequest, call: typeof fetch): Promise<TransportResponse> {
  throwIfAborted(request.signal)
  const { timeouts, url, method, body } = request
  const attempted: Attempted = { method, url, ...timeouts }
  const { control, unlink } = linkedController(request.signal)
  const watchdog = createWatchdog((error) => control.abort(error))
  const sending = new AbortController()
  const finish = () => {
    watchdog.stop()
    unlink()
    sending.abort()
  }
  try {
    if (!isStream(body)) watchdog.arm('headers', timeouts.headersTimeoutMs, `${url.host} has not answered`)
    const response = await call(url, {
      method,
      headers: Object.entries(request.headers).filter(([name]) => !unsettable.has(name)),
      redirect: 'error',
      cache: 'no-store',
      credentials: 'omit',
      signal: control.signal,
      ...bodyInit(request, { watchdog, stop: sending.signal }, (error) => control.abort(error)),
    })
    watchdog.disarm()
    return {
      status: response.status,
      ...describe(request, response.headers),
      body: incoming(chunksOf(response.body), {
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

const undoable = ['gzip', 'deflate', 'br', 'zstd']

/** `fetch` undoes every encoding that it knows and leaves the headers as they came. With one that it does not know it undoes none. */
export function undoneByFetch(headers: Headers): string | undefined {
  const codings = codingsOf(headers.get('content-encoding'))
  return codings.length > 0 && codings.every((coding) => undoable.includes(coding)) ? codings.join(', ') : undefined
}

function describe({ method }: TransportRequest, headers: Headers): Pick<TransportResponse, 'headers' | 'undone'> {
  const undone = method === 'HEAD' ? undefined : undoneByFetch(headers)
  return undone === undefined
    ? { headers }
    : { headers: responseHeaders(Object.fromEntries(headers), ['content-encoding', 'content-length']), undone }
}

function isStream(body: TransportRequest['body']): body is StreamBody {
  return typeof body === 'object' && 'stream' in body
}

function bodyInit(
  request: TransportRequest,
  sending: { watchdog: ReturnType<typeof createWatchdog>; stop: AbortSignal },
  onSourceError: (error: unknown) => void,
): RequestInit & { duplex?: 'half'; window?: null } {
  const { body, timeouts, url } = request
  if (body === undefined) return {}
  if (!isStream(body)) return { body: body as BodyInit }
  const { idleTimeoutMs, headersTimeoutMs } = timeouts
  const chunks = outgoing(body, { ...sending, idleTimeoutMs, headersTimeoutMs, host: url.host })
  // Without `window: null` and `redirect: 'error'` undici's fetch keeps a copy of the whole body.
  return { body: streamOf(chunks, onSourceError), duplex: 'half', window: null }
}

/** `fetch` tells of a body that failed only that it failed, so the error goes its own way. */
function streamOf(
  chunks: AsyncGenerator<Uint8Array, void>,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          onError(error)
          controller.error(error)
        }
      },
      async cancel() {
        await chunks.return()
      },
    },
    { highWaterMark: 0 },
  )
}

async function* chunksOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void> {
  if (!body) return
  const reader = body.getReader()
  let ended = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) {
        ended = true
        return
      }
      yield value
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => undefined)
  }
}
