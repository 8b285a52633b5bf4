import { UsageError } from '../errors/tyrax-error.js'
import { oneShot } from './one-shot.js'
import type { Source } from './source.js'

/** A web stream, or anything that yields bytes when iterated: Node's streams, an async generator. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** What is known about a stream in advance. */
export interface StreamOptions {
  /** In bytes. If set, it is declared to the server, and a stream of another length is an error. */
  readonly size?: number | undefined
  /** Its name in messages. @default 'stream' */
  readonly label?: string | undefined
}

/** A stream as a source. It can be read once, so a transfer from it is never repeated. */
export function fromStream(stream: ByteStream, options: StreamOptions = {}): Source {
  const { size, label = 'stream' } = options
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw new UsageError(`the size of ${label} is ${size}: it must be a whole number of bytes`)
  }
  return oneShot({ label, size, begin: () => iterable(stream, label), stop: () => stop(stream) })
}

/** Node's streams are destroyed, web streams cancelled. A web stream in use is locked, and its iteration ends it. */
function stop(stream: ByteStream): void {
  if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy()
  else if ('cancel' in stream && !stream.locked) void stream.cancel().catch(() => undefined)
}

/** Not every runtime can iterate web streams. */
export function iterable(stream: ByteStream, label: string): AsyncIterable<Uint8Array> {
  if (Symbol.asyncIterator in stream) return stream
  if (typeof (stream as ReadableStream<Uint8Array>)?.getReader === 'function') return readAll(stream)
  throw new UsageError(`${label} is not a stream of bytes`)
}

async function* readAll(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader()
  let done = false
  try {
    for (;;) {
      const result = await reader.read()
      done = result.done
      if (result.done) return
      yield result.value
    }
  } finally {
    if (!done) await reader.cancel()
    reader.releaseLock()
  }
}
