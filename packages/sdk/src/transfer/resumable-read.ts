import type { Attempts } from './attempts.js'
import type { Span } from './range-response.js'

/** An open response body. It covers the requested span, or the whole data from a server without ranges. */
export interface OpenBody extends Span {
  readonly body: AsyncIterable<Uint8Array>
}

/** Data that is fetched in one or several requests: how to request it, and how to tell that it is still the same. */
export interface ReadOrigin {
  /** Of all the data; Infinity when unknown. */
  readonly size: number
  /** Requests bytes. @throws when the response holds other data than those before, or cannot be used */
  open(span: Span): Promise<OpenBody>
  /**
   * Whether to send another request after this error while reading a body.
   * @param isShort bytes are still missing
   */
  mayResume(error: unknown, isShort: boolean): boolean
  /** The error for a body that ended too early, at `at`, or continued after it. */
  wrongLength(at: number, how: 'short' | 'long'): Error
  /** Returns the error to throw instead of one from a body. @default the same */
  explain?(error: unknown): unknown
}

/** What happens while the bytes are read. */
export interface ReadOptions {
  /** Called at the end of the span, while the connection could deliver more: returns the end of a longer one. */
  readonly extend?: ((end: number) => number | undefined) | undefined
  /** Called when the transfer starts over, to read again, without yielding it, what was already delivered. */
  readonly onRestart?: (() => void) | undefined
  readonly onSkipped?: ((bytes: number) => void) | undefined
}

/**
 * The bytes of a span, in order and each once, over as many connections as that takes: when one breaks off or falls
 * silent, another resumes after the last byte. Where only the whole data is available, the next connection begins at
 * the first byte and skips what was already delivered; such an attempt makes no lasting progress, so the number of
 * attempts is bounded whatever they deliver.
 */
export async function* resumableRead(
  origin: ReadOrigin,
  span: Span,
  attempts: Attempts,
  { extend, onRestart, onSkipped }: ReadOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  let at = span.start
  let end = span.end
  do {
    const before = at
    const { start, end: limit, body } = await origin.open({ start: at, end: extend ? origin.size : end })
    let skip = at - start
    if (skip > 0) onRestart?.()
    try {
      for await (const chunk of body) {
        const skipped = Math.min(skip, chunk.byteLength)
        if (skipped > 0) onSkipped?.(skipped)
        skip -= skipped
        let rest = skipped === 0 ? chunk : chunk.subarray(skipped)
        if (at + rest.byteLength > limit) throw origin.wrongLength(limit, 'long')
        while (rest.byteLength > 0) {
          const part = rest.byteLength <= end - at ? rest : rest.subarray(0, end - at)
          rest = part === rest ? none : rest.subarray(part.byteLength)
          at += part.byteLength
          yield part
          if (at < end) continue
          end = extend?.(end) ?? end
          // Where nothing should follow, the body is read to its end: more might follow, and the connection can be
          // reused.
          if (at === end && at < limit) return
        }
      }
      if (end === Number.POSITIVE_INFINITY) return
      if (at < end) throw origin.wrongLength(at, 'short')
    } catch (error) {
      const explained = origin.explain?.(error) ?? error
      if (!origin.mayResume(error, at < end)) throw explained
      await attempts.next(explained, start === before ? at - before : 0)
    }
  } while (at < end)
}

const none = new Uint8Array()
