import type { ByteReader } from '../byte-reader.js'
import { SlidingWindow } from '../sliding-window.js'
import { type Chunk, LzmaError, LzmaState } from './lzma-model.js'
import { decodeFrom } from './lzma-decoder.js'

/** The largest size of a chunk. */
const largestChunkBytes = 2 * 1024 * 1024
/** liblzma uses at least this size, whatever the header declares, and rounds it up to a multiple of 16. */
const smallestDictionaryBytes = 4096
/** Matches are copied four bytes at a time, so up to three bytes may be written after the last one. */
const copySlack = 3

/**
 * LZMA2 (xz's `doc/xz-file-format.txt` 5.3.1; chunks as in the Linux kernel's `lib/xz/xz_dec_lzma2.c`). A decoder can
 * be used for several contents one after another, and keeps its memory.
 */
export class Lzma2Decoder {
  readonly #lzma = new LzmaState()
  readonly #window = new SlidingWindow(largestChunkBytes + copySlack)
  #reach = 0

  /**
   * @param reader its position afterwards is the end of the content
   * @throws LzmaError
   */
  async *decode(reader: ByteReader, dictionaryBytes: number): AsyncGenerator<Uint8Array, void> {
    this.#reach = Math.ceil(Math.max(dictionaryBytes, smallestDictionaryBytes) / 16) * 16
    this.#window.begin(this.#reach)
    let needsDictionary = true
    let needsProperties = true
    for (;;) {
      const control = (await reader.take(1))[0] as number
      if (control === 0) return
      if (control >= 0xe0 || control === 1) {
        needsDictionary = false
        needsProperties = true
        this.#window.available = 0
        this.#lzma.position = 0
      } else if (needsDictionary) throw new LzmaError('does not begin with a new dictionary')
      if (control < 0x80) {
        if (control > 2) throw new LzmaError('has an unknown kind of chunk')
        const [high = 0, low = 0] = await reader.take(2)
        yield this.#stored(await reader.take(((high << 8) | low) + 1))
        continue
      }
      const [high = 0, low = 0, inHigh = 0, inLow = 0] = await reader.take(4)
      const count = (((control & 0x1f) << 16) | (high << 8) | low) + 1
      if (control >= 0xc0) {
        needsProperties = false
        this.#lzma.setProperties((await reader.take(1))[0] as number)
      } else if (needsProperties) throw new LzmaError('has no LZMA properties')
      else if (control >= 0xa0) this.#lzma.reset()
      yield this.#compressed(await reader.take(((inHigh << 8) | inLow) + 1), count)
    }
  }

  #stored(bytes: Uint8Array): Uint8Array {
    const window = this.#window
    window.makeRoom(bytes.byteLength)
    window.bytes.set(bytes, window.end)
    window.advance(bytes.byteLength)
    this.#lzma.position = (this.#lzma.position + bytes.byteLength) | 0
    return window.copyFrom(window.end - bytes.byteLength)
  }

  #compressed(input: Uint8Array, count: number): Uint8Array {
    const window = this.#window
    window.makeRoom(count + copySlack)
    const from = window.end
    decodeChunk(input, count, { window, reach: this.#reach, lzma: this.#lzma })
    return window.copyFrom(from)
  }
}

/**
 * Decodes one chunk into the window, which must have room for it and for `copySlack` additional bytes.
 * @param reach the largest distance that the dictionary allows
 * @throws LzmaError
 */
function decodeChunk(
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
