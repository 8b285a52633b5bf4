import { hasMagic, slice, text16, u32be } from '../bytes.js'
import type { Format } from '../format.js'
import { part } from '../format.js'
import { readFooter } from './vhd-footer.js'

/** Dynamic and differencing VHD (Microsoft's Virtual Hard Disk specification 1.0); fixed ones are known by their end. */
export const vhd: Format = {
  name: 'vhd',
  diskFormat: 'vhd',
  glanceName: 'vhd',
  recognises: (head) => hasMagic(head, 'conectix'),
  glanceSees: (head) => hasMagic(head, 'conectix'),
  *walk(head) {
    if (head.length < 512) return { refusals: ['the VHD ends within its first sector'] }
    const { subformat, virtualSize, dataOffset, details } = readFooter(slice(head, 0, 512))
    if (subformat !== 'dynamic' && subformat !== 'differencing') return { virtualSize, details }
    const header = yield* part(head, dataOffset, 1024)
    const warnings: string[] = []
    if (!hasMagic(header, 'cxsparse')) warnings.push('the dynamic disk header is not where the footer says')
    const parent = subformat === 'differencing' ? text16(slice(header, 64, 512), 'be') : undefined
    if (parent !== undefined) warnings.push(`the image is a difference to a parent (${JSON.stringify(parent)})`)
    return {
      virtualSize,
      backingFile: parent,
      needsBytes: dataOffset + 1024n,
      details: { ...details, blockSizeBytes: u32be(header, 32) },
      warnings,
    }
  },
}
