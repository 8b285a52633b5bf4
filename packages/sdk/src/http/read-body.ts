/** Limits for reading a body. */
export interface BodyBounds {
  readonly bytes: number
  /** Milliseconds for the whole body, however slowly it arrives; 0: no limit. */
  readonly ms: number
}

/** What was read, and why reading stopped. */
export interface BoundedBody {
  readonly bytes: Uint8Array
  readonly end: 'whole' | 'bytes' | 'time'
}

/** Reading an error page is limited to this time: the status is enough without it. */
const longestErrorMs = 10_000
/** Beyond this time, opening a new connection is faster. */
const longestRestMs = 1000
const longestErrorBody = 64 * 1024

/**
 * Reads a body that is not image or object data. At a limit it stops reading and closes the connection.
 * @param onChunk called with each chunk as it arrives; an error that it throws stops the reading
 */
export async function readBounded(
  body: AsyncIterable<Uint8Array>,
  bounds: BodyBounds,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<BoundedBody> {
  const chunks: Uint8Array[] = []
  let length = 0
  const clock = startClock(bounds.ms)
  const iterator = body[Symbol.asyncIterator]()
  let end: BoundedBody['end'] | 'failed' = 'failed'
  try {
    for (;;) {
      const result = await Promise.race([iterator.next(), clock.over])
      if (result === 'time' || result.done) {
        end = result === 'time' ? 'time' : 'whole'
        break
      }
      const chunk = result.value
      onChunk?.(chunk)
      length += chunk.byteLength
      if (length > bounds.bytes) {
        chunks.push(chunk.subarray(0, chunk.byteLength - (length - bounds.bytes)))
        end = 'bytes'
        break
      }
      chunks.push(chunk)
    }
    return { bytes: concat(chunks, Math.min(length, bounds.bytes)), end }
  } finally {
    clock.stop()
    // Not awaited: the iterator of a silent body returns only after its next byte.
    if (end !== 'whole') void Promise.resolve(iterator.return?.()).catch(() => undefined)
  }
}

function startClock(ms: number): { over: Promise<'time'>; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<'time'>((resolve) => {
    if (ms > 0) timer = setTimeout(resolve, ms, 'time')
  })
  return { over, stop: () => clearTimeout(timer) }
}

/** The beginning of an error page as text, read within 10 s or `limitMs`; empty when it cannot be read. */
export async function readErrorText(body: AsyncIterable<Uint8Array>, limitMs = longestErrorMs): Promise<string> {
  const ms = Math.min(limitMs || longestErrorMs, longestErrorMs)
  try {
    return new TextDecoder().decode((await readBounded(body, { bytes: longestErrorBody, ms })).bytes)
  } catch {
    return ''
  }
}

/** Reads a short remainder, so that the connection can be reused; gives up on a long or slow one, which closes it. */
export async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  await readErrorText(body, longestRestMs)
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks
  if (first && chunks.length === 1) return first
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}
