import type { SlidingWindow } from '../sliding-window.js'
import { decodeFrom } from './lzma-decoder.js'
import { type Chunk, LzmaError, type LzmaState } from './lzma-model.js'

/** Matches are copied by four bytes, so that up to three may be written after the last one. */
export const copySlack = 3

/**
 * Decodes one chunk into the window, which has room for it and for `copySlack` bytes more.
 * @param reach how far back the dictionary allows to copy from
 * @throws LzmaError
 */
export function decodeChunk(
  input: Uint8Array,
  count: number,
  { window, reach, lzma }: { readonly window: SlidingWindow; readonly reach: number; readonly lzma: LzmaState },
): void {
  if (input.byteLength < 5 || input[0] !== 0) throw new LzmaError('has a wrong range coder')
  const { bytes: out, end } = window
  const chunk: Chunk = {
    input,
    out,
    view: new DataView(out.buffer, out.byteOffset, out.byteLength),
    lzma,
    limit: end + count,
    before: window.available - end,
    reach,
    base: lzma.position - end,
    next: 5,
    range: -1,
    code: new DataView(input.buffer, input.byteOffset + 1, 4).getInt32(0),
  }
  for (let at = end; at < chunk.limit;) at = decodeFrom(chunk, at)
  if (chunk.next !== input.byteLength || chunk.code !== 0) {
    throw new LzmaError('has a chunk that does not end with its content')
  }
  lzma.position = (lzma.position + count) | 0
  window.advance(count)
}
