import { hasMagic, u16le, u32le, u64le } from '../bytes.js'
import type { Format } from '../format.js'

/** The length of the frame's content, if its header contains it (RFC 8878, section 3.1.1.1). */
function contentSize(head: Uint8Array): bigint | undefined {
  const descriptor = head[4] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  const at = 5 + (isSingle ? 0 : 1) + dictionaryBytes
  const kind = descriptor >> 6
  if (kind === 0) return isSingle ? BigInt(head[at] ?? 0) : undefined
  if (kind === 1) return BigInt(u16le(head, at) + 256)
  return kind === 2 ? BigInt(u32le(head, at)) : u64le(head, at)
}

const skippable = 0x18_4d_2a_50
const mostSkipped = 16

/** Where the first frame begins: parallel compressors put skippable frames, for their own use, before it. */
function firstFrame(head: Uint8Array): number | undefined {
  for (let at = 0, skipped = 0; at + 8 <= head.length && skipped <= mostSkipped; skipped += 1) {
    if (hasMagic(head, '\x28\xb5\x2f\xfd', at)) return at
    if (u32le(head, at) - (u32le(head, at) % 16) !== skippable) return undefined
    at += 8 + u32le(head, at + 4)
  }
  return hasMagic(head, '\x28\xb5\x2f\xfd') ? 0 : undefined
}

/** A Zstandard frame (RFC 8878). */
export const zstd: Format = {
  name: 'zstd',
  recognises: (head) => firstFrame(head) !== undefined,
  walk(head) {
    if (firstFrame(head) !== 0) return {}
    return {
      details: {
        contentSizeBytes: contentSize(head),
        checksum: ((head[4] ?? 0) & 4) !== 0,
      },
    }
  },
}
