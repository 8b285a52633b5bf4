import { createCRC32, createCRC64, createSHA256, type IHasher } from 'hash-wasm'

/** An integrity check of a block's content. */
export interface Check {
  readonly bytes: number
  readonly create: () => Promise<IHasher> | undefined
  /** hash-wasm returns CRCs as big-endian numbers; the file stores their bytes in reverse order. */
  readonly isReversed: boolean
}

/** By id (`xz-file-format.txt` 2.1.1.2). */
export const checks: ReadonlyMap<number, Check> = new Map([
  [0x0, { bytes: 0, create: () => undefined, isReversed: false }],
  [0x1, { bytes: 4, create: () => createCRC32(), isReversed: true }],
  [0x4, { bytes: 8, create: () => createCRC64(), isReversed: true }],
  [0xa, { bytes: 32, create: () => createSHA256(), isReversed: false }],
])

/** Whether the digest equals the stored one. */
export function matches(check: Check, hasher: IHasher, stored: Uint8Array): boolean {
  const printed = hasher.digest('binary')
  const digest = check.isReversed ? printed.toReversed() : printed
  return digest.byteLength === stored.byteLength && digest.every((byte, index) => byte === stored[index])
}
