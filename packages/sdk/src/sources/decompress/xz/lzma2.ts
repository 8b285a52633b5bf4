import type { ByteReader } from '../byte-reader.js'
import { SlidingWindow } from '../sliding-window.js'
import { LzmaDecoder, LzmaError } from './lzma-decoder.js'

/** The most that one chunk holds. */
const largestChunkBytes = 2 * 1024 * 1024

/**
 * LZMA2 (xz's `doc/xz-file-format.txt` 5.3.1; chunks as in the Linux kernel's `lib/xz/xz_dec_lzma2.c`).
 * A decoder may be used for one content after another, and keeps its memory.
 */
export class Lzma2Decoder {
  readonly #lzma = new LzmaDecoder()
  readonly #window = new SlidingWindow(largestChunkBytes)

  /**
   * @param reader is left after the end of the content
   * @throws LzmaError
   */
  async *decode(reader: ByteReader, dictionaryBytes: number): AsyncGenerator<Uint8Array, void> {
    this.#window.begin(dictionaryBytes)
    let needsDictionary = true
    let needsProperties = true
    let needsState = true
    for (;;) {
      const control = (await reader.take(1))[0] as number
      if (control === 0) return
      if (control >= 0xe0 || control === 1) {
        needsDictionary = false
        this.#window.available = 0
        this.#lzma.restart()
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
        needsState = false
        this.#lzma.setProperties((await reader.take(1))[0] as number)
      } else if (needsProperties) throw new LzmaError('has no LZMA properties')
      else if (control >= 0xa0) {
        needsState = false
        this.#lzma.reset()
      } else if (needsState) throw new LzmaError('does not begin with a new state')
      yield this.#compressed(await reader.take(((inHigh << 8) | inLow) + 1), count)
    }
  }

  #stored(bytes: Uint8Array): Uint8Array {
    const window = this.#window
    window.makeRoom(bytes.byteLength)
    window.bytes.set(bytes, window.end)
    window.advance(bytes.byteLength)
    this.#lzma.advance(bytes.byteLength)
    return bytes
  }

  #compressed(input: Uint8Array, count: number): Uint8Array {
    const window = this.#window
    window.makeRoom(count)
    const from = window.end
    this.#lzma.decode(input, count, window)
    return window.copyFrom(from)
  }
}
