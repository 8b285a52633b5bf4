import { hasMagic, text, u32be, u64be } from '../bytes.js'
import type { Format } from '../format.js'
import { part } from '../format.js'

const encryptions = ['none', 'aes']

/** The first version of QEMU's copy-on-write format (qemu `block/qcow.c`); Glance has no name for it and refuses it. */
export const qcow: Format = {
  name: 'qcow',
  recognises: (head) => hasMagic(head, 'QFI\xfb\0\0\0\x01'),
  *walk(head) {
    const backingOffset = u64be(head, 8)
    const backingFile =
      backingOffset > 0n ? text(yield* part(head, backingOffset, Math.min(u32be(head, 16), 1023))) : undefined
    const clusterBits = head[32] ?? 0
    const crypt = u32be(head, 36)
    return {
      virtualSize: u64be(head, 24),
      backingFile,
      needs: [{ bytes: u64be(head, 40) }],
      encrypted: crypt !== 0,
      details: {
        version: 1,
        clusterSizeBytes: clusterBits <= 30 ? 2 ** clusterBits : undefined,
        encryption: crypt === 0 ? undefined : (encryptions[crypt] ?? `unknown method ${crypt}`),
      },
      refusals: [
        'qcow version 1 is not supported',
        ...(backingFile === undefined ? [] : [`the image has a backing file (${JSON.stringify(backingFile)})`]),
      ],
    }
  },
}
