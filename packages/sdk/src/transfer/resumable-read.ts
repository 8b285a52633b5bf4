import type { Attempts } from './attempts.js'
import type { Span } from './range-response.js'

/** A response that is there to be read. Its place in the data is what was requested, or the whole from a server without ranges. */
export interface OpenBody extends Span {
  readonly body: AsyncIterable<Uint8Array>
}

/** Data that is fetched in one or several requests: how to request it, and what tells that it is still the same. */
export interface ReadOrigin {
  /** Of all the data; Infinity where it is not known. */
  readonly size: number
  /** Requests bytes. @throws when the response is of other data than those before, or cannot be used */
  open(span: Span): Promise<OpenBody>
  /**
   * Whether another request may follow after this error of a body.
   * @param isShort bytes are still missing
   */
  mayResume(error: unknown, isShort: boolean): boolean
  /** The error for a body that ended before its time, at `at`, or went on after it. */
  wrongLength(at: number, how: 'short' | 'long'): Error
  /** What to throw instead of an error of a body. @default the same */
  explain?(error: unknown): unknown
}

/** What happens while the bytes are read. */
export interface ReadOptions {
  /** Called at the end of the span, while the connection could give more: returns the end of a longer one. */
  readonly extend?: ((end: number) => number | undefined) | undefined
  /** The transfer starts over, to read again, unseen, what came before. */
  readonly onRestart?: (() => void) | undefined
  readonly onSkipped?: ((bytes: number) => void) | undefined
}

/**
 * The bytes of a span, in order and each once, over as many connections as that takes: one that breaks off or falls
 * silent is followed by another that resumes after the last byte. Where only the whole can be had, that one begins with
 * the first byte, and what is there already is read past; such an attempt gains nothing that lasts, so that their number
 * is bounded whatever they bring.
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
          // Where nothing should follow, the rest is read: something might, and the connection can serve again.
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
