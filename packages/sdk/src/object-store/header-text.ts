import { UsageError } from '../errors/tyrax-error.js'

/** Swift keeps UTF-8 in header values, and HTTP libraries take one byte per character (RFC 9110 section 5.5). */
export function toHeaderText(name: string, text: string): string {
  if (typeof text !== 'string') throw new UsageError(`${name} is ${String(text)}: it must be a string`)
  // oxlint-disable-next-line no-control-regex -- control characters are what must not get into a header
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)) {
    throw new UsageError(`${name} holds a control character, which no header can carry`)
  }
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}

/** The reverse; text that is no UTF-8 stays as it is. */
export function fromHeaderText(text: string): string {
  const codes = Array.from(text, (character) => character.charCodeAt(0))
  if (codes.every((code) => code < 128) || codes.some((code) => code > 255)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(codes))
  } catch {
    return text
  }
}
