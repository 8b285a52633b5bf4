import { hasMagic, slice, text } from '../bytes.js'
import type { Format } from '../format.js'

const hasName = 0b1000
const hasExtra = 0b100

/** A gzip stream (RFC 1952). */
export const gzip: Format = {
  name: 'gzip',
  recognises: (head) => hasMagic(head, '\x1f\x8b\x08'),
  walk(head) {
    const flags = head[3] ?? 0
    const named = (flags & hasName) !== 0 && (flags & hasExtra) === 0
    return { details: { originalName: named ? text(slice(head, 10, 255)) : undefined } }
  },
}
