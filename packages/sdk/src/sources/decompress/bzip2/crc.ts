/** The CRC-32 of bzip2: the usual polynomial, with the highest bit first. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24
  for (let i = 0; i < 8; i += 1) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1
  return crc
})

/** @param crc -1 at the beginning; the final result has to be inverted */
export function updateCrc(crc: number, bytes: Uint8Array, count: number): number {
  let result = crc
  for (let i = 0; i < count; i += 1) result = (result << 8) ^ (table[(result >>> 24) ^ (bytes[i] as number)] as number)
  return result
}
