import { isUtf8 } from 'node:buffer'

/**
 * Bytes as text: UTF-8 if they are that, otherwise one character per byte with bytes from 0x80 on as U+DC80 to U+DCFF
 * (Python's surrogateescape).
 */
export function textOf(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return bytes.toString('latin1').replaceAll(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)))
}

/** Whether a text stands for bytes that are not UTF-8. */
export function isBytes(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}
