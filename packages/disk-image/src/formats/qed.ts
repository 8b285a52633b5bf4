import { hasMagic, text, u32le, u64le } from '../bytes.js'
import type { Format } from '../format.js'
import { part } from '../format.js'

const featureNames = ['backing-file', 'needs-check', 'backing-format-no-probe']

/** QEMU enhanced disk (qemu `docs/interop/qed_spec.txt`). Glance recognises it in order to refuse it. */
export const qed: Format = {
  name: 'qed',
  glanceName: 'qed',
  recognises: (head) => hasMagic(head, 'QED\0'),
  glanceSees: (head) => head.length >= 512 && hasMagic(head, 'QED\0'),
  *walk(head) {
    const features = u64le(head, 16)
    const hasBacking = (features & 1n) !== 0n
    const name = hasBacking
      ? text(yield* part(head, BigInt(u32le(head, 56)), Math.min(u32le(head, 60), 1023)))
      : undefined
    return {
      virtualSize: u64le(head, 48),
      backingFile: name,
      needs: [{ bytes: u64le(head, 40) + BigInt(u32le(head, 8)) * BigInt(u32le(head, 4)) }],
      details: {
        clusterSizeBytes: u32le(head, 4),
        tableSizeClusters: u32le(head, 8),
        features: featureNames.filter((_, bit) => (features >> BigInt(bit)) & 1n),
      },
      refusals: [
        'QED images are never allowed',
        ...(name === undefined ? [] : [`the image has a backing file (${JSON.stringify(name)})`]),
      ],
    }
  },
}
