import type { ByteReader } from '../byte-reader.js'
import { LzmaDecoder, LzmaError, type LzmaWindow } from './lzma-decoder.js'

/** The most that one chunk holds. */
const largestChunkBytes = 2 * 1024 * 1024
const mostSlackBytes = 16 * 1024 * 1024

/**
 * LZMA2 (xz's `doc/xz-file-format.txt` 5.3.1; chunks as in the Linux kernel's `lib/xz/xz_dec_lzma2.c`).
 * A decoder may be used for one content after another, and keeps its memory.
 */
export class Lzma2Decoder {
  readonly #lzma = new LzmaDecoder()
  #window: LzmaWindow = { bytes: new Uint8Array(0), end: 0, available: 0 }
  #dictionaryBytes = 0

  /**
   * @param reader is left after the end of the content
   * @throws LzmaError
   */
  async *decode(reader: ByteReader, dictionaryBytes: number): AsyncGenerator<Uint8Array, void> {
    this.#begin(dictionaryBytes)
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

  #begin(dictionaryBytes: number): void {
    this.#dictionaryBytes = dictionaryBytes
    this.#window.end = 0
    this.#window.available = 0
  }

  #stored(bytes: Uint8Array): Uint8Array {
    this.#makeRoom(bytes.byteLength)
    const window = this.#window
    window.bytes.set(bytes, window.end)
    window.end += bytes.byteLength
    window.available += bytes.byteLength
    this.#lzma.advance(bytes.byteLength)
    return bytes
  }

  #compressed(input: Uint8Array, count: number): Uint8Array {
    this.#makeRoom(count)
    const from = this.#window.end
    this.#lzma.decode(input, count, this.#window)
    return this.#window.bytes.slice(from, this.#window.end)
  }

  /** The window grows with the content, up to the dictionary and room for many chunks, so that it is seldom moved. */
  #makeRoom(count: number): void {
    const window = this.#window
    const needed = window.end + count
    const { byteLength } = window.bytes
    if (needed <= byteLength) return
    const slack = Math.min(Math.max(this.#dictionaryBytes, largestChunkBytes), mostSlackBytes)
    const limit = this.#dictionaryBytes + slack
    if (needed <= limit) {
      const bytes = new Uint8Array(Math.min(Math.max(needed, byteLength * 2), limit))
      bytes.set(window.bytes.subarray(0, window.end))
      this.#window = { ...window, bytes }
      return
    }
    const kept = Math.min(window.available, this.#dictionaryBytes)
    window.bytes.copyWithin(0, window.end - kept, window.end)
    window.end = kept
    window.available = kept
    this.#makeRoom(count)
  }
}
