import { pipeline, type Readable, type Transform } from 'node:stream'
import { eachChunk } from './each-chunk.js'

/**
 * The body without the compression that a proxy or a server's gzip middleware put on it, though
 * `Accept-Encoding: identity` was sent. An encoding that is not known passes as it is.
 */
export function decoded(body: Readable, encoding: string | undefined): AsyncIterable<Uint8Array> {
  return encoding !== undefined && isDecodable(encoding) ? decode(body, encoding) : eachChunk(body)
}

async function* decode(body: Readable, encoding: string): AsyncGenerator<Uint8Array, void> {
  const decoder = await decoderOf(encoding)
  pipeline(body, decoder, () => undefined)
  yield* decoder
}

const known = ['gzip', 'x-gzip', 'deflate', 'br']

/** Whether {@link decoded} undoes this encoding. */
export function isDecodable(encoding: string): boolean {
  return known.includes(encoding.toLowerCase())
}

async function decoderOf(encoding: string): Promise<Transform> {
  const zlib = await import('node:zlib')
  const decoders: Readonly<Record<string, () => Transform>> = {
    deflate: zlib.createInflate,
    br: zlib.createBrotliDecompress,
  }
  return (decoders[encoding.toLowerCase()] ?? zlib.createGunzip)()
}
