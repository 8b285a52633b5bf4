import type { ServerResponse } from 'node:http'

/**
 * Sends the rest of a response. The next chunk is read while one is being sent; when a third is asked for, the first has
 * been sent, so that its memory can be used again. If the client disconnects, reading stops; if reading fails, the
 * connection is closed, which shows the client that bytes are missing.
 */
export async function sendChunks(outgoing: ServerResponse, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  let abandon: (reason: Error) => void = () => undefined
  // Not every write that the client did not wait for is reported by its own callback.
  outgoing.once('close', () => abandon(new Error('the client has disconnected')))
  const write = (chunk: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      abandon = reject
      outgoing.write(chunk, (error) => (error ? reject(error) : resolve()))
    })
  let sent: Promise<void> | undefined
  try {
    for await (const chunk of bytes) {
      await sent
      sent = write(chunk)
      // It is awaited only when the next chunk has been read.
      sent.catch(() => undefined)
    }
    await sent
    outgoing.end()
  } catch {
    outgoing.destroy()
  }
}
