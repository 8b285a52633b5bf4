import { finished, type Readable } from 'node:stream'

/** So many bytes may wait for the reader. */
const mostBytes = 256 * 1024

/**
 * The chunks of a stream just as they come: its own iterator joins what has gathered meanwhile, which copies it all, and
 * drops what has come before an error.
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
  // It may be over already.
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
