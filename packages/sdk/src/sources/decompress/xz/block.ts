import { largestWindowBytes } from '../../../platform/decoder.js'
import { dictionarySize, parseBlockHeader } from './block-header.js'
import { type Check, matches } from './checks.js'
import { createFilter, unfiltered } from './filters.js'
import { LzmaError } from './lzma-model.js'
import { bad, beyond, type Reading } from './reading.js'

const lzma2Filter = 0x21n

/** The sizes of a block, as listed in the index. */
export interface BlockSizes {
  /** Header, compressed content and check, without the padding between them. */
  readonly unpaddedBytes: number
  readonly contentBytes: bigint
}

/** One block: header, content, padding, check (`xz-file-format.txt` 3). */
export async function* decodeBlock(reading: Reading, check: Check): AsyncGenerator<Uint8Array, BlockSizes> {
  const { reader, lzma2 } = reading
  const [sizeByte = 0] = await reader.look(1)
  const headerBytes = (sizeByte + 1) * 4
  const header = await readHeader(reading, headerBytes)
  const start = reader.position
  const hash = (await check.create())?.init()
  let contentBytes = 0n
  try {
    const decoded = lzma2.decode(reader, header.dictionaryBytes)
    for await (const piece of header.filters.length > 0 ? unfiltered(decoded, header.filters) : decoded) {
      hash?.update(piece)
      contentBytes += BigInt(piece.byteLength)
      yield piece
    }
  } catch (cause) {
    throw cause instanceof LzmaError ? bad(reading, cause.message, cause) : cause
  }
  const compressedBytes = reader.position - start
  if (
    (header.compressedBytes ?? BigInt(compressedBytes)) !== BigInt(compressedBytes) ||
    (header.contentBytes ?? contentBytes) !== contentBytes
  ) {
    throw bad(reading, 'has a block of another length than it announces')
  }
  const padding = await reader.take((4 - (compressedBytes % 4)) % 4)
  const stored = await reader.take(check.bytes)
  if (padding.some((byte) => byte !== 0)) throw bad(reading, 'has a damaged block')
  if (hash && !matches(check, hash, stored)) throw bad(reading, 'does not match its own checksum')
  return { unpaddedBytes: headerBytes + compressedBytes + check.bytes, contentBytes }
}

async function readHeader(reading: Reading, headerBytes: number) {
  const bytes = await reading.reader.take(headerBytes)
  const stored = bytes.subarray(headerBytes - 4)
  const crc = reading.crc
    .init()
    .update(bytes.subarray(0, headerBytes - 4))
    .digest('binary')
    .toReversed()
  const header = stored.every((byte, index) => byte === crc[index])
    ? parseBlockHeader(bytes.subarray(0, headerBytes - 4))
    : undefined
  if (!header) throw bad(reading, 'has a damaged block header')
  const last = header.filters.at(-1)
  if (last?.id !== lzma2Filter) throw beyond(reading, `is made with ${namedFilter(last?.id)} where LZMA2 is expected`)
  const dictionaryBytes = dictionarySize(last.properties)
  if (dictionaryBytes === undefined) throw bad(reading, 'has a damaged block header')
  if (dictionaryBytes > largestWindowBytes) {
    throw beyond(reading, `needs a dictionary of ${dictionaryBytes} bytes, more than ${largestWindowBytes}`)
  }
  const filters = header.filters.slice(0, -1).map(({ id, properties }) => {
    const filter = createFilter(id, properties)
    if (!filter) throw beyond(reading, `is made with ${namedFilter(id)}, which is not known here`)
    if (filter === 'malformed') throw bad(reading, 'has a damaged block header')
    return filter
  })
  return { ...header, filters, dictionaryBytes }
}

const namedFilter = (id: bigint | undefined) => (id === 0x0bn ? 'the RISC-V filter' : `the filter ${id}`)
