import { ConnectionError, TimeoutError } from '../../../errors/connection-errors.js'
import { IntegrityError } from '../../../errors/transfer-errors.js'
import { countAttempts } from '../../../transfer/attempts.js'
import { throttled } from '../../../transfer/throttle.js'
import { type DataOrigin, type OpenData, openPart, openWhole } from './open-data.js'
import { wrongSize } from './verify-data.js'

/** Which bytes to read. */
export interface Span {
  readonly start: number
  /** Exclusive; Infinity where the size is not known. */
  readonly end: number
}

/** How {@link readSpan} reads. */
export interface SpanOptions {
  /** Asked at the end of the span, while the connection could give more: the end of a longer one. */
  readonly extend?: ((end: number) => number | undefined) | undefined
  /** The transfer starts over, to read again, unseen, what came before. */
  readonly onRestart?: (() => void) | undefined
  readonly onSkipped?: ((bytes: number) => void) | undefined
  /** End in a {@link NoParts} where only the whole can be had. @default false */
  readonly onlyParts?: boolean | undefined
}

/** The store gives no parts. Never leaves this folder. */
export class NoParts extends Error {}

/**
 * The bytes of a span, in order and each once, over as many connections as that takes: one that breaks off or falls
 * silent is followed by another that goes on behind the last byte. Where the store gives no parts, that one begins
 * with the first byte, and what is there already is read past; since such an attempt gains nothing that lasts, their
 * number is bounded whatever they bring.
 * @throws IntegrityError for data that is longer than the image
 */
export async function* readSpan(
  origin: DataOrigin,
  span: Span,
  options: SpanOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { image, policy } = origin
  const attempts = countAttempts(policy, origin.options.signal)
  const size = image.size ?? Number.POSITIVE_INFINITY
  if (size === 0) await expectNothing(origin)
  let at = span.start
  let end = span.end
  while (at < end) {
    const before = at
    const open = await openAt(origin, at, options.extend ? size : end, options.onlyParts ?? false)
    const goesBeyond = open.start < at || options.extend !== undefined
    const limit = goesBeyond ? size : end
    let skip = at - open.start
    if (skip > 0) options.onRestart?.()
    try {
      const body = origin.limits.length > 0 ? throttled(open.body, origin.limits, origin.options.signal) : open.body
      for await (const chunk of body) {
        const skipped = Math.min(skip, chunk.byteLength)
        if (skipped > 0) options.onSkipped?.(skipped)
        skip -= skipped
        let rest = skipped === 0 ? chunk : chunk.subarray(skipped)
        if (at + rest.byteLength > limit) throw wrongSize(image, `more than ${limit}`)
        while (rest.byteLength > 0) {
          const part = rest.subarray(0, Math.min(rest.byteLength, end - at))
          rest = part.byteLength === rest.byteLength ? none : rest.subarray(part.byteLength)
          at += part.byteLength
          yield part
          if (at < end) continue
          end = options.extend?.(end) ?? end
          // Where nothing should follow, the rest is read: something might, and the connection can serve again.
          if (at === end && goesBeyond && at < size) return
        }
      }
      if (end === Number.POSITIVE_INFINITY) return
      if (at < end) throw wrongSize(image, String(at))
    } catch (error) {
      if (!mayGoOn(error, at < end)) throw error
      const lasts = origin.ranges.supports(image) !== false && origin.options.resume !== false
      await attempts.next(error, lasts ? at - before : 0)
    }
  }
}

const none = new Uint8Array()

/** A record that has no size may still have data. @throws IntegrityError */
async function expectNothing(origin: DataOrigin): Promise<void> {
  const { body } = await openWhole(origin)
  for await (const chunk of body) if (chunk.byteLength > 0) throw wrongSize(origin.image, 'more than that')
}

async function openAt(origin: DataOrigin, at: number, end: number, onlyParts: boolean): Promise<OpenData> {
  const { image, ranges, options } = origin
  const isWhole = at === 0 && end === (image.size ?? Number.POSITIVE_INFINITY)
  if (!isWhole && image.size !== null && ranges.supports(image) !== false && options.resume !== false) {
    const part = await openPart(origin, at, end)
    if (part && (part.start === at || !onlyParts)) return part
    await part?.body[Symbol.asyncIterator]().return?.()
  }
  if (onlyParts) throw new NoParts()
  return openWhole(origin)
}

/** Whether the connection is to blame. */
function mayGoOn(error: unknown, isShort: boolean): boolean {
  if (error instanceof TimeoutError) return error.limit === 'idle'
  if (error instanceof ConnectionError) return ['reset', 'truncated', 'unknown'].includes(error.reason)
  return error instanceof IntegrityError && isShort && Number(error.actual) < Number(error.expected)
}
