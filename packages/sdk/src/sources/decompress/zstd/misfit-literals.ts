import { BackwardBits, ZstdError } from './backward-bits.js'
import { decodeLiterals, type HuffmanCode } from './huffman.js'

/**
 * Literals whose bits do not end exactly with the last of them. The specification requires an error (RFC 8878, section
 * 4.2.2), and zstd(1) reports one in most cases. The exception is when it decodes four long streams at once: it never
 * checks where they end, so a stream may continue into the one before it, or stop early. This code follows
 * `HUF_decompress4X1` and `HUF_decompress4X2` of version 1.5.4 on processors with BMI2, step by step as far as the
 * result depends on it.
 */

/** How zstd(1) decodes with a code: one literal at a time, or two if both fit into the bits that it looks up. */
export interface DecodedBy {
  readonly code: HuffmanCode
  readonly by: 'one' | 'two'
}

/** Indexed by the compression ratio in sixteenths: the least number of literals, divided by 256, for two at a time. */
const leastForTwo = [-1, -1, 3, 5, 5, 6, 7, 9, 12, 15, 18, 27, 41, 173, -1, -1]

export function decodedBy(count: number, compressedBytes: number): 'one' | 'two' {
  if (count === 0) throw new ZstdError('has literals of another length than it announces')
  const sixteenths = compressedBytes >= count ? 15 : Math.floor((compressedBytes * 16) / count)
  const least = leastForTwo[sixteenths] as number
  return least > 0 && count >> 8 >= least ? 'two' : 'one'
}

/** The number of bits that zstd(1) looks up, if no code is longer. */
const usualLog = 11
const wordBytes = 8
const misfit = () => new ZstdError('has literals of another length than it announces')

/** A single stream has to end with its last literal. @throws ZstdError */
export function decodeStreamAsProgram(bytes: Uint8Array, { code, by }: DecodedBy, target: Uint8Array): void {
  if (by === 'one') throw misfit()
  const decoder = new PairDecoder(bytes, code, target, 'needed')
  decoder.finish()
  if (decoder.bits.left !== 0) throw misfit()
}

/**
 * @param streams the four streams, one after another
 * @param ends the ends of the first three
 * @throws ZstdError
 */
export function decodeStreamsAsProgram(
  streams: Uint8Array,
  ends: readonly number[],
  { code, by }: DecodedBy,
  target: Uint8Array,
): void {
  const starts = [0, ...ends]
  const limits = [...ends, streams.byteLength]
  const lengths = starts.map((start, stream) => (limits[stream] as number) - start)
  const quarter = Math.ceil(target.byteLength / 4)
  const parts = [0, 1, 2, 3].map((stream) =>
    target.subarray(stream * quarter, stream === 3 ? undefined : (stream + 1) * quarter),
  )
  const isFast =
    code.log <= usualLog &&
    lengths.every((length, stream) => length >= (stream === 0 ? 2 * wordBytes : wordBytes)) &&
    quarter * 3 < target.byteLength
  if (!isFast) {
    if (quarter * 3 > target.byteLength) throw misfit()
    for (const [stream, part] of parts.entries()) {
      const bytes = streams.subarray(starts[stream], limits[stream])
      if (by === 'two') decodeStreamAsProgram(bytes, { code, by }, part)
      else if (!decodeLiterals(new BackwardBits(bytes), code, part)) throw misfit()
    }
    return
  }
  const decoders = parts.map((part, stream) => {
    const bytes = streams.subarray(0, limits[stream])
    return by === 'one' ? new OneDecoder(bytes, code, part, 'optional') : new PairDecoder(bytes, code, part, 'optional')
  })
  decodeTogether(decoders, by)
  for (const [stream, decoder] of decoders.entries()) {
    if (decoder.isOver || decoder.word < (starts[stream] as number) - wordBytes) throw misfit()
    decoder.finish()
  }
}

/** Decodes five steps of each stream at a time, as long as no access can be out of bounds. */
function decodeTogether(decoders: readonly StreamDecoder[], by: 'one' | 'two'): void {
  const [first, , , last] = decoders as [StreamDecoder, StreamDecoder, StreamDecoder, StreamDecoder]
  const mostLiterals = by === 'one' ? 5 : 10
  for (;;) {
    const limiting = by === 'one' ? [last] : decoders
    const rounds = Math.min(
      Math.floor((first.word - wordBytes) / 7),
      ...limiting.map(({ room }) => Math.floor(room / mostLiterals)),
    )
    if (rounds < (by === 'one' ? 4 : 2)) return
    if (decoders.some(({ word }, stream) => stream > 0 && word < (decoders[stream - 1] as StreamDecoder).word)) return
    for (const end = last.done + rounds * 5; last.done < end;) for (const each of decoders) each.fiveSteps()
  }
}

/** One of the streams. Its bits extend to the beginning of the first stream. */
abstract class StreamDecoder {
  readonly bits: BackwardBits
  readonly code: HuffmanCode
  readonly target: Uint8Array
  /** The number of literals decoded. */
  done = 0
  /** The position of the eight bytes in its register. */
  word: number

  constructor(bytes: Uint8Array, code: HuffmanCode, target: Uint8Array, mark: 'needed' | 'optional') {
    this.bits = new BackwardBits(bytes, mark)
    this.code = code
    this.target = target
    this.word = bytes.byteLength - wordBytes
  }

  get room(): number {
    return this.target.byteLength - this.done
  }

  /** Whether more literals were decoded than requested. */
  get isOver(): boolean {
    return this.done > this.target.byteLength
  }

  fiveSteps(): void {
    for (let i = 0; i < 5; i += 1) this.step()
    this.word = Math.ceil(this.bits.left / 8) - wordBytes
  }

  abstract step(): void
  abstract finish(): void
}

class OneDecoder extends StreamDecoder {
  step(): void {
    const index = this.bits.look(this.code.log)
    this.target[this.done++] = this.code.symbols[index] as number
    this.bits.left -= this.code.bits[index] as number
  }

  finish(): void {
    while (this.room > 0) this.step()
  }
}

class PairDecoder extends StreamDecoder {
  step(): void {
    const { first, second, count } = this.#look()
    this.target[this.done++] = first
    if (second !== undefined) this.target[this.done++] = second
    this.bits.left -= count
  }

  finish(): void {
    while (this.room > 1) this.step()
    if (this.room < 1) return
    const { first, second, count } = this.#look()
    this.target[this.done++] = first
    // The bits of a second literal are consumed as well, but none past the end.
    if (second === undefined) this.bits.left -= count
    else if (this.bits.left > 0) this.bits.left = Math.max(this.bits.left - count, 0)
  }

  #look(): { readonly first: number; readonly second: number | undefined; readonly count: number } {
    const { log, symbols, bits } = this.code
    const seenLog = Math.max(log, usualLog)
    const seen = this.bits.look(seenLog)
    const index = seen >> (seenLog - log)
    const first = symbols[index] as number
    const count = bits[index] as number
    const rest = (seen << count) & ((1 << seenLog) - 1)
    const next = rest >> (seenLog - log)
    const both = count + (bits[next] as number)
    return both <= seenLog ? { first, second: symbols[next], count: both } : { first, second: undefined, count }
  }
}
