import { hasMagic } from '../bytes.js'
import type { Format } from '../format.js'

const checks = new Map([
  [0, 'none'],
  [1, 'crc32'],
  [4, 'crc64'],
  [10, 'sha256'],
])

/** An xz stream (The .xz file format, section 2.1.1). */
export const xz: Format = {
  name: 'xz',
  recognises: (head) => hasMagic(head, '\xfd7zXZ\0'),
  walk(head) {
    const check = (head[7] ?? 0) & 0x0f
    return { details: { check: checks.get(check) ?? `unknown check ${check}` } }
  },
}
