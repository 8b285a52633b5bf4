import { SourceError } from '../errors/transfer-errors.js'
import type { StreamBody } from './transport.js'
import type { Sample, Watchdog } from './watchdog.js'

/** If a chunk is sent faster than this, the peer does not need smaller ones. */
const fastMs = 1000
const smallSlice = 64 * 1024
/** In the benchmark `verified-upload`, chunks of 1 MiB took a few percent longer. */
const largeSlice = 256 * 1024

/** How {@link outgoing} monitors and ends the sending of a body. */
export interface OutgoingOptions {
  readonly watchdog: Watchdog
  readonly idleTimeoutMs: number
  readonly headersTimeoutMs: number
  readonly host: string
  /** The number of bytes passed to the system that the server has not acknowledged, where this can be determined. */
  readonly unacknowledged?: Sample | undefined
  /** Ends the sending at once, even while the source is silent. */
  readonly stop: AbortSignal
}

/**
 * The body as the HTTP client pulls it. Counts it against its declared size, and lets the watchdog run only while a
 * chunk waits to be taken, so that a slow source is never mistaken for a server that stopped reading. Chunks are small
 * until the peer has proved fast, so that a slow one still shows progress within the idle limit.
 */
export async function* outgoing(body: StreamBody, options: OutgoingOptions): AsyncGenerator<Uint8Array, void> {
  const { watchdog, idleTimeoutMs, stop, host, unacknowledged } = options
  const iterator = body.stream[Symbol.asyncIterator]()
  const next = interruptible(iterator, stop)
  let sent = 0
  let slice = smallSlice
  try {
    for (;;) {
      const result = await next()
      if (result.done) break
      const chunk = result.value
      sent += chunk.byteLength
      if (body.size !== undefined && sent > body.size) throw wrongLength(body.size, `at least ${sent}`)
      for (let at = 0; at < chunk.byteLength;) {
        const part = chunk.byteLength - at <= slice ? chunk.subarray(at) : chunk.subarray(at, at + slice)
        at += part.byteLength
        watchdog.arm('idle', idleTimeoutMs, `${host} has read nothing of the request's body`, unacknowledged)
        const began = performance.now()
        yield part
        slice = performance.now() - began < fastMs ? largeSlice : smallSlice
        watchdog.disarm()
      }
    }
    if (body.size !== undefined && sent !== body.size) throw wrongLength(body.size, String(sent))
    const silence = `${host} has not responded since the last byte was sent`
    watchdog.arm('headers', options.headersTimeoutMs, silence, unacknowledged)
  } finally {
    // Not awaited: a source that never returns must not delay the end of the exchange.
    void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}

function wrongLength(announced: number, actual: string): SourceError {
  return new SourceError(`the body has ${actual} bytes but ${announced} were announced`, {
    hint: 'the source changed while it was read, or its declared size is wrong',
  })
}

/** `iterator.next`, rejected when `stop` aborts. Uses a single listener for the whole iteration, however long. */
function interruptible<T>(iterator: AsyncIterator<T>, stop: AbortSignal): () => Promise<IteratorResult<T>> {
  let interrupt: (reason: unknown) => void = () => undefined
  stop.addEventListener('abort', () => interrupt(stop.reason), { once: true })
  return () =>
    new Promise((resolve, reject) => {
      if (stop.aborted) {
        reject(stop.reason)
        return
      }
      interrupt = reject
      iterator.next().then(resolve, reject)
    })
}
