/** Reads beyond the end return zero, so that a truncated structure reads as one with nothing set and never throws. */
const byte = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0

export const u16be = (bytes: Uint8Array, at: number): number => byte(bytes, at) * 0x100 + byte(bytes, at + 1)
export const u16le = (bytes: Uint8Array, at: number): number => byte(bytes, at) + byte(bytes, at + 1) * 0x100
export const u32be = (bytes: Uint8Array, at: number): number => u16be(bytes, at) * 0x1_00_00 + u16be(bytes, at + 2)
export const u32le = (bytes: Uint8Array, at: number): number => u16le(bytes, at) + u16le(bytes, at + 2) * 0x1_00_00
export const u64be = (bytes: Uint8Array, at: number): bigint =>
  (BigInt(u32be(bytes, at)) << 32n) | BigInt(u32be(bytes, at + 4))
export const u64le = (bytes: Uint8Array, at: number): bigint =>
  BigInt(u32le(bytes, at)) | (BigInt(u32le(bytes, at + 4)) << 32n)

/** Whether `bytes` holds the characters of `magic` (each one byte, 0-255) at `at`. */
export function hasMagic(bytes: Uint8Array, magic: string, at = 0): boolean {
  if (bytes.length < at + magic.length) return false
  for (let i = 0; i < magic.length; i += 1) if (bytes[at + i] !== magic.charCodeAt(i)) return false
  return true
}

/** The bytes from `at`, at most `length` of them; fewer when the data ends. */
export const slice = (bytes: Uint8Array, at: number, length: number): Uint8Array =>
  bytes.subarray(Math.min(at, bytes.length), Math.min(at + length, bytes.length))

export const isZero = (bytes: Uint8Array): boolean => bytes.every((value) => value === 0)

/** UTF-8 text up to the first NUL, without control characters or surrounding blanks, so that it is safe to print. */
export function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return printable(new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end)))
}

/** UTF-16 text up to the first NUL, made safe to print. */
export function text16(bytes: Uint8Array, order: 'le' | 'be'): string {
  const unit = order === 'le' ? u16le : u16be
  let characters = ''
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const code = unit(bytes, at)
    if (code === 0) break
    characters += String.fromCharCode(code)
  }
  return printable(characters.replace(/\p{Cs}/gu, '\ufffd'))
}

// Control characters, and invisible characters that reorder or hide text on a terminal.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

export const printable = (characters: string): string => characters.replace(unprintable, '').trim()

const hex = (bytes: Uint8Array): string => Array.from(bytes, (value) => value.toString(16).padStart(2, '0')).join('')

/** A GUID in the mixed-endian layout of Microsoft's formats and of GPT, in lower case. */
export function guid(bytes: Uint8Array, at: number): string {
  const tail = hex(slice(bytes, at + 8, 8))
  const first = u32le(bytes, at).toString(16).padStart(8, '0')
  const second = u16le(bytes, at + 4)
    .toString(16)
    .padStart(4, '0')
  const third = u16le(bytes, at + 6)
    .toString(16)
    .padStart(4, '0')
  return `${first}-${second}-${third}-${tail.slice(0, 4)}-${tail.slice(4)}`
}

/** A UUID stored in the order in which it is written, in lower case. */
export function uuid(bytes: Uint8Array, at: number): string {
  const digits = hex(slice(bytes, at, 16))
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  )
}
