import { hasMagic, slice, text, u16be, u32be, u64be } from '../bytes.js'
import type { Finding, Format, Walk } from '../format.js'
import { at } from '../format.js'

const magic = 'LUKS\xba\xbe'
const jsonOffset = 4096n
const mostJson = 1024 * 1024
const keySlots = 8
const slotInUse = 0x00_ac_71_f3

/** A disk encrypted with LUKS 1 or 2 (cryptsetup's on-disk format). Glance's inspector knows version 1 only. */
export const luks: Format = {
  name: 'luks',
  diskFormat: 'raw',
  glanceName: 'luks',
  recognises: (head) => hasMagic(head, magic),
  glanceSees: (head) => hasMagic(head, magic),
  *walk(head) {
    const version = u16be(head, 6)
    if (version === 1) return one(head)
    const refusals = [`LUKS version ${version} is not supported`]
    if (version !== 2) return { encrypted: true, details: { version }, refusals }
    return { ...(yield* two(head)), refusals }
  },
}

function one(head: Uint8Array): Finding {
  const payload = BigInt(u32be(head, 104)) * 512n
  let slots = 0
  for (let slot = 0; slot < keySlots; slot += 1) if (u32be(head, 208 + slot * 48) === slotInUse) slots += 1
  return {
    virtualSize: { fileMinus: payload },
    encrypted: true,
    needs: [{ bytes: payload }],
    details: {
      version: 1,
      cipher: `${text(slice(head, 8, 32))}-${text(slice(head, 40, 32))}`,
      hash: text(slice(head, 72, 32)),
      keyBytes: u32be(head, 108),
      keySlots: slots,
      payloadOffsetBytes: payload,
      uniqueId: text(slice(head, 168, 40)),
    },
    // Glance's inspector also needs to see the key slots.
    refusals: head.length < 592 ? ['the LUKS header is cut off'] : [],
  }
}

function* two(head: Uint8Array): Walk {
  const area = u64be(head, 8) - jsonOffset
  const length = area > 0n && area < BigInt(mostJson) ? Number(area) : mostJson
  const segment = dataSegment(text(yield at(jsonOffset, length)))
  return {
    ...(segment && {
      virtualSize: segment.size ?? { fileMinus: segment.offset },
      needs: [{ bytes: segment.offset + (segment.size ?? 0n) }],
    }),
    encrypted: true,
    details: {
      version: 2,
      label: text(slice(head, 24, 48)),
      uniqueId: text(slice(head, 168, 40)),
      cipher: segment?.cipher,
      payloadOffsetBytes: segment?.offset,
    },
    warnings: segment ? [] : ['the LUKS 2 metadata cannot be read'],
  }
}

interface Segment {
  readonly offset: bigint
  readonly size: bigint | undefined
  readonly cipher: string | undefined
}

/** The first data segment of the JSON metadata; its sizes are decimal strings, `dynamic` means up to the end. */
function dataSegment(json: string): Segment | undefined {
  let metadata: unknown
  try {
    metadata = JSON.parse(json)
  } catch {
    return undefined
  }
  const segments = member(metadata, 'segments')
  const segment = member(segments, '0')
  const offset = decimal(member(segment, 'offset'))
  if (offset === undefined) return undefined
  const cipher = member(segment, 'encryption')
  return { offset, size: decimal(member(segment, 'size')), cipher: typeof cipher === 'string' ? cipher : undefined }
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

const decimal = (value: unknown): bigint | undefined =>
  typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined
