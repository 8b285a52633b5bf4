import { BackwardBits, ZstdError } from './backward-bits.js'
import { decodeLiterals, readHuffmanCode } from './huffman.js'
import { type DecodedBy, decodedBy, decodeStreamAsProgram, decodeStreamsAsProgram } from './misfit-literals.js'

/** The most literals that zstd(1) stores outside of its output. */
const largestAside = 64 * 1024

/** The literals of a block (RFC 8878, section 3.1.1.3.1). */
export interface Literals {
  readonly bytes: Uint8Array
  /** The length of the whole section. */
  readonly length: number
  /** For a later block without its own code. */
  readonly code: DecodedBy | undefined
  /** Whether zstd(1) stores some of the literals in its output buffer. */
  readonly isInOutput: boolean
}

/** @throws ZstdError */
export function readLiteralsSection(block: Uint8Array, previous: DecodedBy | undefined, most: number): Literals {
  if (block.byteLength < 2) throw new ZstdError('has a block that ends early')
  const type = (block[0] as number) & 3
  const form = ((block[0] as number) >> 2) & 3
  const word = [0, 1, 2, 3, 4].reduce((sum, index) => sum + (block[index] ?? 0) * 2 ** (8 * index), 0)
  const field = (from: number, bits: number) => Math.floor(word / 2 ** from) % 2 ** bits
  if (type < 2) {
    const isShort = form % 2 === 0
    const count = isShort ? field(3, 5) : field(4, form === 1 ? 12 : 20)
    const header = isShort ? 1 : form === 1 ? 2 : 3
    const length = header + (type === 0 ? count : 1)
    check(length, block, count, most)
    const bytes = type === 0 ? block.subarray(header, length) : new Uint8Array(count).fill(block[header] as number)
    return { bytes, length, code: previous, isInOutput: count > largestAside }
  }
  const width = form < 2 ? 10 : form === 2 ? 14 : 18
  const header = form < 2 ? 3 : form + 2
  const count = field(4, width)
  const length = header + field(4 + width, width)
  check(length, block, count, most)
  let body = block.subarray(header, length)
  let code = previous
  if (type === 2) {
    const read = readHuffmanCode(body)
    code = { code: read.code, by: form === 0 ? 'one' : decodedBy(count, body.byteLength) }
    body = body.subarray(read.length)
  }
  if (!code) throw new ZstdError('has literals without a code')
  const bytes = new Uint8Array(count)
  if (form === 0) readStream(body, code, bytes)
  else readFourStreams(body, code, bytes)
  return { bytes, length, code, isInOutput: count > largestAside }
}

function check(length: number, block: Uint8Array, count: number, most: number): void {
  if (length > block.byteLength) throw new ZstdError('has a block that ends early')
  if (count > most) throw new ZstdError('has a block that is too long')
}

function readStream(body: Uint8Array, code: DecodedBy, target: Uint8Array): void {
  if (!decodeLiterals(new BackwardBits(body), code.code, target)) decodeStreamAsProgram(body, code, target)
}

/**
 * A table of the lengths of the first three, then four streams, each a quarter of the literals (section 3.1.1.3.1.6).
 */
function readFourStreams(body: Uint8Array, code: DecodedBy, target: Uint8Array): void {
  if (body.byteLength < 10 || target.byteLength < 6) throw new ZstdError('has a block that ends early')
  const length = (stream: number) => (body[stream * 2] as number) | ((body[stream * 2 + 1] as number) << 8)
  const ends = [length(0), length(0) + length(1), length(0) + length(1) + length(2)]
  const streams = body.subarray(6)
  if ((ends[2] as number) > streams.byteLength) throw new ZstdError('has a block that ends early')
  const quarter = Math.ceil(target.byteLength / 4)
  const isSound =
    quarter * 3 <= target.byteLength &&
    [0, 1, 2, 3].every((stream) => {
      const bytes = streams.subarray(ends[stream - 1] ?? 0, ends[stream])
      const part = target.subarray(stream * quarter, stream === 3 ? undefined : (stream + 1) * quarter)
      return (bytes.at(-1) ?? 0) > 0 && decodeLiterals(new BackwardBits(bytes), code.code, part)
    })
  if (!isSound) decodeStreamsAsProgram(streams, ends, code, target)
}
