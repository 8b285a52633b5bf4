/** `xz-file-format.txt` 1.2: seven bits a byte, the lowest first; at most nine bytes. */
export function readVarint(bytes: Uint8Array, start: number): { value: bigint; next: number } | undefined {
  let value = 0n
  for (let i = 0; i < 9; i += 1) {
    const byte = bytes[start + i]
    if (byte === undefined || (byte === 0 && i > 0)) return undefined
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return { value, next: start + i + 1 }
  }
  return undefined
}
