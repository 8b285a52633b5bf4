import { hasMagic, slice, text } from '../bytes.js'
import type { Format } from '../format.js'

const blockLength = 512

/**
 * Whether the block's checksum is right (POSIX.1-1988): the sum of its bytes, counting those of the checksum as blanks.
 */
function checksumFits(head: Uint8Array): boolean {
  if (head.length < blockLength || head[0] === 0) return false
  const written = text(slice(head, 148, 8)).match(/^[0-7]{1,7}$/)
  if (!written) return false
  let sum = 0
  for (let at = 0; at < blockLength; at += 1) sum += at >= 148 && at < 156 ? 0x20 : (head[at] ?? 0)
  return sum === Number.parseInt(written[0], 8)
}

/** A tar archive; an OVA is one whose first entry is the OVF description. */
export const tar: Format = {
  name: 'tar',
  recognises: (head) => hasMagic(head, 'ustar', 257) || checksumFits(head),
  walk(head) {
    const firstEntry = text(slice(head, 0, 100))
    return { details: { firstEntry, ova: firstEntry.toLowerCase().endsWith('.ovf') } }
  },
}
