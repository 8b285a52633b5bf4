import { ZstdError } from './backward-bits.js'
import { type HuffmanCode, readHuffmanCode, readLiterals } from './huffman.js'

/** The literals of a block (RFC 8878, section 3.1.1.3.1). */
export interface Literals {
  readonly bytes: Uint8Array
  /** Of the whole section. */
  readonly length: number
  /** For a later block that has none of its own. */
  readonly code: HuffmanCode | undefined
}

/** @throws ZstdError */
export function readLiteralsSection(block: Uint8Array, previous: HuffmanCode | undefined, most: number): Literals {
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
    return { bytes, length, code: previous }
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
    code = read.code
    body = body.subarray(read.length)
  }
  if (!code) throw new ZstdError('has literals without a code')
  const bytes = new Uint8Array(count)
  if (form === 0) readLiterals(body, code, bytes)
  else readFourStreams(body, code, bytes)
  return { bytes, length, code }
}

function check(length: number, block: Uint8Array, count: number, most: number): void {
  if (length > block.byteLength) throw new ZstdError('has a block that ends early')
  if (count > most) throw new ZstdError('has a block that is too long')
}

/** A table of the first three's lengths, then four streams of a quarter of the literals each (section 3.1.1.3.1.6). */
function readFourStreams(body: Uint8Array, code: HuffmanCode, target: Uint8Array): void {
  if (body.byteLength < 10 || target.byteLength < 6) throw new ZstdError('has a block that ends early')
  const quarter = Math.ceil(target.byteLength / 4)
  let at = 6
  for (let stream = 0; stream < 4; stream += 1) {
    const size = (body[stream * 2] as number) | ((body[stream * 2 + 1] as number) << 8)
    const end = stream === 3 ? body.byteLength : at + size
    if (end > body.byteLength || quarter * 3 > target.byteLength) throw new ZstdError('has a block that ends early')
    const part = target.subarray(stream * quarter, stream === 3 ? undefined : (stream + 1) * quarter)
    readLiterals(body.subarray(at, end), code, part)
    at = end
  }
}
