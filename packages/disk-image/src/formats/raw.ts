import type { Format } from '../format.js'
import { fixedFooter } from './vhd-footer.js'

/** Bytes without a structure of their own: whatever no other format recognises. */
export const raw: Format = {
  name: 'raw',
  diskFormat: 'raw',
  recognises: () => true,
  *walk() {
    return (yield* fixedFooter()) ?? { virtualSize: { fileMinus: 0n } }
  },
}
