import { textOf } from '../bytes-as-text.js'
import { createByteReader } from './byte-reader.js'

/** An archive that cannot be read. The message is Python's (tarfile.py). */
export class InvalidTar extends Error {
  override readonly name = 'InvalidTar'
}

/** One member of an archive. Its bytes can be read until the next one is asked for. */
export interface TarMember {
  /** As UTF-8; the bytes of a name that is not UTF-8 are U+DC80 to U+DCFF. */
  readonly name: string
  readonly sizeBytes: number
  /** A file with holes is stored in a form of its own, which is not understood here. */
  readonly kind: 'file' | 'sparse-file' | 'other'
  /** The records of its extended header (pax). */
  readonly records: ReadonlyMap<string, string>
  /** @throws InvalidTar when the archive ends before them */
  bytes(): AsyncGenerator<Uint8Array>
}

const blockBytes = 512
/** The most bytes of an extended header or a long name: they are read into memory. */
const mostHeaderBytes = 1 << 20

/**
 * Reads the members of a tar archive (ustar, GNU, pax) in one pass, without holding more than a chunk of it. As in
 * Python, anything but a header after the first member ends the archive.
 * @throws InvalidTar
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember, void> {
  const reader = createByteReader(source)
  const globals = new Map<string, string>()
  let isFirst = true
  let pending: Pending = {}
  try {
    for (;;) {
      const header = parseHeader(await reader.read(blockBytes))
      if (typeof header === 'string') {
        if (isFirst && header !== end) throw new InvalidTar(header === '' ? 'empty file' : header)
        return
      }
      isFirst = false
      const { type } = header
      if (extending.has(type)) {
        if (header.sizeBytes > mostHeaderBytes) throw new InvalidTar('invalid header')
        const text = await reader.read(header.sizeBytes)
        if (text.length < header.sizeBytes) throw new InvalidTar('unexpected end of data')
        await reader.skip(padding(header.sizeBytes))
        if (type === 'L') pending = { ...pending, longName: textOf(untilNul(text)) }
        else if (type === 'x' || type === 'X') pending = { ...pending, records: parseRecords(text) }
        else if (type === 'g') for (const [key, value] of parseRecords(text)) globals.set(key, value)
        continue
      }
      const records = new Map([...globals, ...(pending.records ?? [])])
      const name = records.get('path') ?? pending.longName ?? header.name
      pending = {}
      const sizeBytes = dataSize(header, records.get('size'))
      let left = sizeBytes
      yield {
        name,
        sizeBytes,
        kind: kindOf(type, name, records),
        records,
        async *bytes() {
          while (left > 0) {
            const chunk = await reader.some(left)
            if (chunk === undefined) throw new InvalidTar('unexpected end of data')
            left -= chunk.length
            yield chunk
          }
        },
      }
      if (!(await reader.skip(left + padding(sizeBytes)))) throw new InvalidTar('unexpected end of data')
    }
  } finally {
    await reader.close()
  }
}

interface Pending {
  readonly longName?: string
  readonly records?: ReadonlyMap<string, string>
}

interface Header {
  readonly name: string
  readonly sizeBytes: number
  readonly type: string
}

const end = 'end of file header'
/** Long names and links of GNU, extended headers for the next member and for all. */
const extending: ReadonlySet<string> = new Set(['L', 'K', 'x', 'X', 'g'])
const regular: ReadonlySet<string> = new Set(['0', '\0', '7', 'S'])
/** Links, devices, directories and pipes have no data, whatever size they declare. */
const withoutData: ReadonlySet<string> = new Set(['1', '2', '3', '4', '5', '6'])

/** @returns what is wrong with it; empty when there is nothing any more */
function parseHeader(block: Buffer): Header | string {
  if (block.length === 0) return ''
  if (block.length < blockBytes) return 'truncated header'
  if (block.every((byte) => byte === 0)) return end
  const declared = parseNumber(block.subarray(148, 156))
  const sizeBytes = parseNumber(block.subarray(124, 136))
  if (declared === undefined) return 'invalid header'
  if (!checksums(block).includes(declared)) return 'bad checksum'
  if (sizeBytes === undefined || sizeBytes < 0) return 'invalid header'
  const type = String.fromCharCode(block[156] ?? 0)
  const name = textOf(untilNul(block.subarray(0, 100)))
  const prefix = textOf(untilNul(block.subarray(345, 500)))
  return { name: prefix === '' || /[LKS]/.test(type) ? name : `${prefix}/${name}`, sizeBytes, type }
}

/** The sums of the header's bytes, unsigned and signed, with its own field as spaces. */
function checksums(block: Buffer): readonly number[] {
  let [unsigned, signed] = [8 * 32, 8 * 32]
  for (const [index, byte] of block.entries()) {
    if (index >= 148 && index < 156) continue
    unsigned += byte
    signed += byte < 128 ? byte : byte - 256
  }
  return [unsigned, signed]
}

/** Octal digits, or in GNU's archives binary after a first byte of 0x80. */
function parseNumber(field: Buffer): number | undefined {
  if (field[0] === 0x80) return field.subarray(1).reduce((value, byte) => value * 256 + byte, 0)
  const digits = untilNul(field).toString('latin1').trim()
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : undefined
}

function dataSize({ type, sizeBytes }: Header, recorded: string | undefined): number {
  if (withoutData.has(type)) return 0
  return recorded !== undefined && /^\d+$/.test(recorded) ? Number(recorded) : sizeBytes
}

function kindOf(type: string, name: string, records: ReadonlyMap<string, string>): TarMember['kind'] {
  if (!regular.has(type) || (type === '\0' && name.endsWith('/'))) return 'other'
  return type === 'S' || [...records.keys()].some((key) => key.startsWith('GNU.sparse.')) ? 'sparse-file' : 'file'
}

/** `30 path=some/long/name\n`, one after the other; the number is the length of the whole record. */
function parseRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    const [, digits] = /^(\d{1,20}) /.exec(bytes.subarray(at, at + 21).toString('latin1')) ?? []
    const length = Number(digits)
    const equals = bytes.indexOf('=', at)
    if (digits === undefined || equals < 0 || equals >= at + length - 1) throw new InvalidTar('invalid header')
    records.set(
      textOf(bytes.subarray(at + digits.length + 1, equals)),
      textOf(bytes.subarray(equals + 1, at + length - 1)),
    )
    at += length
  }
  return records
}

function padding(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes
}

function untilNul(field: Buffer): Buffer {
  const at = field.indexOf(0)
  return at < 0 ? field : field.subarray(0, at)
}
