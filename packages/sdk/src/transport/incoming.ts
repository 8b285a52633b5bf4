import type { Watchdog } from './watchdog.js'

/** How {@link incoming} monitors and ends the reading of a body. */
export interface IncomingOptions {
  readonly watchdog: Watchdog
  readonly idleTimeoutMs: number
  readonly host: string
  /** Turns the error that broke the stream into the one to throw. */
  readonly failure: (error: unknown) => unknown
  /** Called once, however the reading ends. */
  readonly done: () => void
}

/** The response's body as it arrives. The watchdog runs only while waiting for a chunk. */
export async function* incoming(
  body: AsyncIterable<Uint8Array>,
  options: IncomingOptions,
): AsyncGenerator<Uint8Array, void> {
  const { watchdog, idleTimeoutMs, host } = options
  const iterator = body[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      watchdog.arm('idle', idleTimeoutMs, `${host} has sent nothing more of its response`)
      const result = await iterator.next()
      watchdog.disarm()
      if (result.done) {
        ended = true
        return
      }
      yield result.value
    }
  } catch (error) {
    ended = true
    throw options.failure(error)
  } finally {
    watchdog.disarm()
    if (!ended) await Promise.resolve(iterator.return?.()).catch(() => undefined)
    options.done()
  }
}
