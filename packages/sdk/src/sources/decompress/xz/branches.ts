/**
 * Converts the absolute addresses that an encoder has written into branch instructions back to relative ones, in place,
 * as liblzma's `simple/*.c` do.
 * @param position offset of `bytes` in the content
 * @returns the number of bytes that were processed; the rest has to be passed again, followed by more bytes
 */
export type UndoBranches = (bytes: Uint8Array, position: number) => number

/** Converts one four-byte instruction, passed as a little-endian number. */
type UndoInstruction = (instruction: number, position: number) => number

const fixed =
  (undo: UndoInstruction, isBigEndian = false): UndoBranches =>
  (bytes, position) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const end = bytes.byteLength - (bytes.byteLength % 4)
    for (let at = 0; at < end; at += 4) {
      const instruction = view.getInt32(at, !isBigEndian)
      const undone = undo(instruction, (position + at) | 0)
      if (undone !== instruction) view.setInt32(at, undone, !isBigEndian)
    }
    return end
  }

const powerPc: UndoInstruction = (instruction, position) =>
  (instruction & 0xfc000003) === (0x48000001 | 0)
    ? 0x48000001 | ((((instruction & 0x03fffffc) - position) | 0) & 0x03fffffc)
    : instruction

const arm: UndoInstruction = (instruction, position) =>
  instruction >>> 24 === 0xeb
    ? 0xeb000000 | 0 | ((((instruction << 2) - (position + 8)) >>> 2) & 0x00ffffff)
    : instruction

const sparc: UndoInstruction = (instruction, position) => {
  const high = instruction >>> 22
  if (high !== 0x100 && high !== 0x1ff) return instruction
  const target = ((instruction << 2) - position) >>> 2
  return ((-((target >>> 22) & 1) << 22) & 0x3fffffff) | (target & 0x003fffff) | 0x40000000
}

/** BL, and ADRP within 512 MiB. */
const arm64: UndoInstruction = (instruction, position) => {
  if (instruction >>> 26 === 0x25) return 0x94000000 | 0 | ((instruction - (position >>> 2)) & 0x03ffffff)
  if ((instruction & 0x9f000000) !== (0x90000000 | 0)) return instruction
  const source = ((instruction >>> 29) & 3) | ((instruction >>> 3) & 0x001ffffc)
  if (((source + 0x00020000) & 0x001c0000) !== 0) return instruction
  const target = source - (position >>> 12)
  return (
    (instruction & (0x9000001f | 0)) |
    ((target & 3) << 29) |
    ((target & 0x0003fffc) << 3) |
    (-(target & 0x00020000) & 0x00e00000)
  )
}

/** BL, in two halves of 16 bits. */
const armThumb: UndoBranches = (bytes, position) => {
  const end = bytes.byteLength - 4
  let at = 0
  for (; at <= end; at += 2) {
    const [low = 0, high = 0, nextLow = 0, nextHigh = 0] = bytes.subarray(at, at + 4)
    if ((high & 0xf8) !== 0xf0 || (nextHigh & 0xf8) !== 0xf8) continue
    const source = ((high & 7) << 19) | (low << 11) | ((nextHigh & 7) << 8) | nextLow
    const target = ((source << 1) - (position + at + 4)) >>> 1
    bytes[at + 1] = 0xf0 | ((target >>> 19) & 7)
    bytes[at] = target >>> 11
    bytes[at + 3] = 0xf8 | ((target >>> 8) & 7)
    bytes[at + 2] = target
    at += 2
  }
  return at
}

/** Indexed by the template of a bundle: which of its three instructions may be branches. */
const ia64Slots = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0]

const ia64: UndoBranches = (bytes, position) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.byteLength - (bytes.byteLength % 16)
  for (let at = 0; at < end; at += 16) {
    const slots = ia64Slots[(bytes[at] as number) & 31] as number
    for (let slot = 0; slot < 3; slot += 1) {
      if (((slots >> slot) & 1) === 0) continue
      const bit = 5 + 41 * slot
      const first = at + (bit >> 3)
      const shift = BigInt(bit & 7)
      const word = BigInt(view.getUint32(first, true)) | (BigInt(view.getUint16(first + 4, true)) << 32n)
      const instruction = word >> shift
      if (((instruction >> 37n) & 0xfn) !== 5n || ((instruction >> 9n) & 7n) !== 0n) continue
      const source = Number(((instruction >> 13n) & 0xfffffn) | (((instruction >> 36n) & 1n) << 20n))
      const target = BigInt(((source << 4) - (position + at)) >>> 4)
      const undone = (instruction & ~(0x8fffffn << 13n)) | ((target & 0xfffffn) << 13n) | ((target & 0x100000n) << 16n)
      const written = (word & ((1n << shift) - 1n)) | (undone << shift)
      view.setUint32(first, Number(written & 0xffffffffn), true)
      view.setUint16(first + 4, Number((written >> 32n) & 0xffffn), true)
    }
  }
  return end
}

const x86Plausible = [true, true, true, false, true, false, false, false]
const x86Bits = [0, 1, 2, 2, 3, 3, 3, 3]
const isTop = (byte: number) => byte === 0 || byte === 0xff

/** CALL and JMP, found without decoding the instructions before them: preceding bytes show how likely they are. */
function x86(): UndoBranches {
  let mask = 0
  let previous = -5
  return (bytes, position) => {
    if (bytes.byteLength < 5) return 0
    previous = Math.max(previous, position - 5)
    const end = bytes.byteLength - 5
    let at = 0
    while (at <= end) {
      if (((bytes[at] as number) & 0xfe) !== 0xe8) {
        at += 1
        continue
      }
      const distance = position + at - previous
      previous = position + at
      mask = distance > 5 ? 0 : shifted(mask, distance)
      const top = bytes[at + 4] as number
      if (!isTop(top) || !x86Plausible[(mask >> 1) & 7] || mask >> 1 >= 0x10) {
        at += 1
        mask |= isTop(top) ? 0x11 : 1
        continue
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 4)
      const target = x86Target(view.getInt32(0, true), (position + at + 5) | 0, mask)
      view.setInt32(0, (target & 0x01ffffff) | -(target & 0x01000000), true)
      at += 5
      mask = 0
    }
    return at
  }
}

function shifted(mask: number, count: number): number {
  let result = mask
  for (let i = 0; i < count; i += 1) result = (result & 0x77) << 1
  return result
}

function x86Target(address: number, next: number, mask: number): number {
  let source = address
  for (;;) {
    const target = (source - next) | 0
    if (mask === 0) return target
    const bits = (x86Bits[mask >> 1] as number) * 8
    if (!isTop((target >>> (24 - bits)) & 0xff)) return target
    source = target ^ ((bits === 0 ? 0 : 1 << (32 - bits)) - 1)
  }
}

/** A filter for the code of a processor: its alignment, and how to create an instance, which may have state. */
interface BranchFilter {
  readonly alignment: number
  readonly create: () => UndoBranches
}

/** By id (`xz-file-format.txt` 5.3.2). */
export const branchFilters: ReadonlyMap<bigint, BranchFilter> = new Map([
  [0x04n, { alignment: 1, create: x86 }],
  [0x05n, { alignment: 4, create: () => fixed(powerPc, true) }],
  [0x06n, { alignment: 16, create: () => ia64 }],
  [0x07n, { alignment: 4, create: () => fixed(arm) }],
  [0x08n, { alignment: 2, create: () => armThumb }],
  [0x09n, { alignment: 4, create: () => fixed(sparc, true) }],
  [0x0an, { alignment: 4, create: () => fixed(arm64) }],
])
