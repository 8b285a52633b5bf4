import { linkedController, throwIfAborted } from '../transport/aborting.js'
import { UsageError } from '../errors/tyrax-error.js'
import { readFailure, type Attempted } from '../transport/connection-failure.js'
import { incoming } from '../transport/incoming.js'
import { outgoing } from '../transport/outgoing.js'
import type { StreamBody, Transport, TransportRequest, TransportResponse } from '../transport/transport.js'
import { createWatchdog } from '../transport/watchdog.js'
import { blockedFailure } from './blocked-failure.js'
import { describeHeaders, settable } from './page-headers.js'
import { type Means, sendWhole } from './send-whole.js'

/** What `createFetchTransport` takes. */
export interface FetchTransportOptions {
  /** Used for every request, uploads included. @default the runtime's; uploads use XMLHttpRequest where it exists */
  readonly fetch?: typeof fetch | undefined
  /** Whether bodies may be streamed. @default true except in pages and workers of browsers */
  readonly streams?: boolean | undefined
  /** Without `streams`: the most bytes collected of data that is no Blob, File or Uint8Array. @default 268_435_456 */
  readonly maxBufferedBytes?: number | undefined
}

/**
 * The transport of runtimes that have `fetch` and no sockets. Redirects are errors: to follow them, `fetch` would have
 * to keep the whole body in memory, and would pass the token on. The runtime manages connections, TLS and proxies.
 */
export function createFetchTransport(options: FetchTransportOptions = {}): Transport {
  const { streams = canStream(), maxBufferedBytes = 256 * 1024 * 1024 } = options
  if (!(Number.isSafeInteger(maxBufferedBytes) && maxBufferedBytes > 0)) {
    throw new UsageError(`maxBufferedBytes is ${maxBufferedBytes}: it must be a whole number of bytes of at least 1`)
  }
  const call = options.fetch ?? ((input, init) => fetch(input, init))
  const means: Means = {
    call,
    hasXhr: options.fetch === undefined && typeof XMLHttpRequest !== 'undefined',
    known: new Set(),
  }
  return {
    wholeBodies: streams ? undefined : { maxBufferedBytes },
    send: (request) => {
      const { body } = request
      const blob = !streams && isStream(body) ? body.blob : undefined
      return isStream(body) && blob ? sendWhole(request, body, blob, means) : send(request, means)
    },
    close: async () => undefined,
  }
}

/**
 * Pages and workers of browsers can stream a body only over HTTP/2, or not at all (Firefox, Safari), and cannot know in
 * advance which protocol will be used. They are recognised by XMLHttpRequest, or as a service worker. Other runtimes
 * can stream.
 */
function canStream(): boolean {
  return typeof XMLHttpRequest === 'undefined' && !('clients' in globalThis)
}

async function send(request: TransportRequest, { call, known }: Means): Promise<TransportResponse> {
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
    if (!isStream(body)) watchdog.arm('headers', timeouts.headersTimeoutMs, `${url.host} has not responded`)
    const response = await call(url, {
      method,
      headers: settable(request.headers),
      redirect: 'error',
      cache: 'no-store',
      credentials: 'omit',
      signal: control.signal,
      ...bodyInit(request, { watchdog, stop: sending.signal }, (error) => control.abort(error)),
    })
    watchdog.rest()
    known.add(url.origin)
    return {
      status: response.status,
      ...describeHeaders(method, response.headers),
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
    throw control.signal.aborted ? control.signal.reason : blockedFailure(error, attempted, known)
  }
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

/** `fetch` does not report why a body failed, so the source's error is passed on separately. */
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
