import { createCRC32, type IHasher } from 'hash-wasm'
import { ByteReader } from '../byte-reader.js'
import { type Decoder, endsEarly } from '../../../platform/decoder.js'
import { decodeBlock } from './block.js'
import { checks } from './checks.js'
import { Lzma2Decoder } from './lzma2.js'
import { bad, beyond, type Reading } from './reading.js'
import { readVarint } from './varint.js'

const streamHeaderBytes = 12
const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]
const largestVarintBytes = 9

/**
 * Decodes all streams of an xz file (`xz-file-format.txt`) and the padding between them. Every checksum is verified,
 * and the index at the end of a stream is compared with the blocks before it.
 */
export const unxz: Decoder = async function* (input, label) {
  const reader = new ByteReader(input, () => endsEarly(label, 'xz'))
  const reading: Reading = { label, reader, lzma2: new Lzma2Decoder(), crc: await createCRC32() }
  try {
    do {
      yield* decodeStream(reading)
      await skipPadding(reading)
    } while (!(await reader.atEnd()))
  } finally {
    await reader.close()
  }
}

/** One stream: header, blocks, index, footer (2.1). */
async function* decodeStream(reading: Reading): AsyncGenerator<Uint8Array, void> {
  const { reader } = reading
  const header = await reader.take(streamHeaderBytes)
  if (!magic.every((byte, index) => byte === header[index]))
    throw bad(reading, 'is followed by bytes that do not belong to it')
  if (!isCrc(reading, header.subarray(6, 8), header.subarray(8))) throw bad(reading, 'has a damaged header')
  const flags = header.subarray(6, 8)
  const check = flags[0] === 0 ? checks.get(flags[1] as number) : undefined
  if (!check) throw beyond(reading, `has a check of the unknown kind ${flags[1]}`)
  const blocks = (await createCRC32()).init()
  let count = 0n
  while ((await reader.look(1))[0] !== 0 || (await reader.atEnd())) {
    const { unpaddedBytes, contentBytes } = yield* decodeBlock(reading, check)
    blocks.update(record(BigInt(unpaddedBytes), contentBytes))
    count += 1n
  }
  await readEnd(reading, flags, count, blocks)
}

/** The index (4) lists the blocks; the footer (2.1.2) repeats the flags and contains the index's length. */
async function readEnd(reading: Reading, flags: Uint8Array, count: bigint, blocks: IHasher): Promise<void> {
  const { reader, crc } = reading
  const start = reader.position
  const index = (await createCRC32()).init()
  const listed = crc.init()
  const next = async (): Promise<bigint> => {
    const read = readVarint(await reader.look(largestVarintBytes), 0)
    if (!read)
      throw (await reader.look(largestVarintBytes)).byteLength < largestVarintBytes
        ? endsEarly(reading.label, 'xz')
        : bad(reading, 'has a damaged index')
    index.update(await reader.take(read.next))
    return read.value
  }
  index.update(await reader.take(1))
  if ((await next()) !== count) throw bad(reading, 'has an index of other blocks')
  for (let i = 0n; i < count; i += 1n) listed.update(record(await next(), await next()))
  if (listed.digest('hex') !== blocks.digest('hex')) throw bad(reading, 'has an index of other blocks')
  while ((reader.position - start) % 4 !== 0) {
    const padding = await reader.take(1)
    if (padding[0] !== 0) throw bad(reading, 'has a damaged index')
    index.update(padding)
  }
  const isIndexWhole = same(index.digest('binary').toReversed(), await reader.take(4))
  const indexBytes = reader.position - start
  const footer = await reader.take(streamHeaderBytes)
  const backward = (new DataView(footer.buffer, footer.byteOffset).getUint32(4, true) + 1) * 4
  const isFooterWhole =
    isCrc(reading, footer.subarray(4, 10), footer.subarray(0, 4)) && footer[10] === 0x59 && footer[11] === 0x5a
  if (!isIndexWhole || !isFooterWhole || backward !== indexBytes || !same(flags, footer.subarray(8, 10))) {
    throw bad(reading, 'has a damaged end')
  }
}

/** A stream may be followed by zeros, in multiples of four bytes (2.2). */
async function skipPadding(reading: Reading): Promise<void> {
  const { reader } = reading
  for (;;) {
    const bytes = await reader.look(4)
    if (bytes.byteLength === 0 || bytes[0] !== 0) return
    if (!(await reader.take(4)).every((byte) => byte === 0))
      throw bad(reading, 'is followed by bytes that do not belong to it')
  }
}

function record(unpaddedBytes: bigint, contentBytes: bigint): string {
  return `${unpaddedBytes} ${contentBytes},`
}

function isCrc(reading: Reading, bytes: Uint8Array, stored: Uint8Array): boolean {
  return same(reading.crc.init().update(bytes).digest('binary').toReversed(), stored)
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && one.every((byte, index) => byte === other[index])
}
