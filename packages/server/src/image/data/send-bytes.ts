import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpContext } from '../../context.js'
import { alreadySent } from '../../http/respond.js'

/**
 * Streams bytes to the client past the web Response, whose streams cost most of a download's speed. A client that goes
 * away ends the reading; a source that fails ends the connection, which is how the client learns that bytes are missing.
 */
export async function sendBytes(
  c: HttpContext,
  bytes: AsyncIterable<Uint8Array>,
  head: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): Promise<Response> {
  const { outgoing } = c.env
  outgoing.writeHead(head.status, head.headers)
  await pipeline(Readable.from(bytes, { objectMode: false, highWaterMark: 1 << 20 }), outgoing).catch(() => {
    outgoing.destroy()
  })
  return alreadySent
}
