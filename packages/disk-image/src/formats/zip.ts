import { hasMagic, slice, text, u16le } from '../bytes.js'
import type { Format } from '../format.js'

/** A ZIP archive (PKWARE's APPNOTE, section 4.3): its first file, or the end record of an empty one. */
export const zip: Format = {
  name: 'zip',
  recognises: (head) => hasMagic(head, 'PK\x03\x04') || hasMagic(head, 'PK\x05\x06\0\0\0\0'),
  walk(head) {
    return { details: { firstEntry: text(slice(head, 30, Math.min(u16le(head, 26), 255))) } }
  },
}
