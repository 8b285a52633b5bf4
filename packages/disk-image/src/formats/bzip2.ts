import { hasMagic } from '../bytes.js'
import type { Format } from '../format.js'

const block = '1AY&SY'
const endOfStream = '\x17\x72\x45\x38\x50\x90'

/** A bzip2 stream: its magic, a level digit, then a block, or the end marker if it is empty. */
export const bzip2: Format = {
  name: 'bzip2',
  recognises: (head) =>
    hasMagic(head, 'BZh') &&
    (head[3] ?? 0) >= 0x31 &&
    (head[3] ?? 0) <= 0x39 &&
    (hasMagic(head, block, 4) || hasMagic(head, endOfStream, 4)),
  walk(head) {
    return { details: { level: (head[3] ?? 0x30) - 0x30 } }
  },
}
