import { pipeline, type Readable, type Transform } from 'node:stream'
import { eachChunk } from './each-chunk.js'

/** The body without these codings, which {@link isDecodable} must all be. The last one was put on last. */
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

/** Whether {@link decoded} undoes this coding. */
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
