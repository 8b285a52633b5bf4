import { finished, pipeline, type Readable, type Transform } from 'node:stream'

/** The body without these codings, all of which must be {@link isDecodable}. The last one was applied last. */
export function decoded(body: Readable, codings: readonly string[]): AsyncIterable<Uint8Array> {
  return codings.length > 0 ? decode(body, codings) : eachChunk(body)
}

async function* decode(body: Readable, codings: readonly string[]): AsyncGenerator<Uint8Array, void> {
  let decoding = body
  for (const coding of codings.toReversed()) {
    const decoder = await decoderOf(coding)
    pipeline(decoding, decoder, () => undefined)
    decoding = decoder
  }
  yield* decoding
}

const known = ['gzip', 'deflate', 'br']

/** Whether {@link decoded} can remove this coding. */
export function isDecodable(coding: string): boolean {
  return known.includes(coding)
}

async function decoderOf(coding: string): Promise<Transform> {
  const zlib = await import('node:zlib')
  const decoders: Readonly<Record<string, () => Transform>> = {
    deflate: zlib.createInflate,
    br: zlib.createBrotliDecompress,
  }
  return (decoders[coding] ?? zlib.createGunzip)()
}

/** The number of bytes that may wait for the reader. */
const mostBytes = 256 * 1024

/**
 * The chunks of a stream exactly as they arrive. The stream's own iterator joins the chunks that have accumulated,
 * which copies all of them, and drops the chunks that arrived before an error.
 */
export async function* eachChunk(stream: Readable): AsyncGenerator<Uint8Array, void, undefined> {
  const waiting: Uint8Array[] = []
  let bytes = 0
  let isOver = false
  let failure: Error | undefined
  let wake: () => void = () => undefined
  stream.on('data', (chunk: Uint8Array) => {
    waiting.push(chunk)
    bytes += chunk.byteLength
    if (bytes >= mostBytes) stream.pause()
    wake()
  })
  // The stream may have ended already.
  finished(stream, { writable: false }, (error) => {
    failure = error ?? undefined
    isOver = true
    wake()
  })
  try {
    for (;;) {
      for (let chunk = waiting.shift(); chunk; chunk = waiting.shift()) {
        bytes -= chunk.byteLength
        if (bytes < mostBytes && stream.isPaused()) stream.resume()
        yield chunk
      }
      if (failure) throw failure
      if (isOver) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  } finally {
    stream.destroy()
  }
}
