import { expect, test } from 'vitest'
import { image, le32, le64 } from '../testing/build.js'
import { inspectBytes } from '../testing/file-image.js'

test('qed is recognised and always refused', async () => {
  const header = {
    0: 'QED\0',
    4: le32(65_536),
    8: le32(4),
    16: le64(3n),
    48: le64(1n << 20n),
    56: le32(64),
    60: le32(4),
  }
  const inspection = await inspectBytes(image(512, { ...header, 64: 'base' }))
  expect(inspection).toMatchObject({
    format: 'qed',
    virtualSizeBytes: 1_048_576,
    backingFile: 'base',
    details: { clusterSizeBytes: 65_536, tableSizeClusters: 4, features: ['backing-file', 'needs-check'] },
  })
  expect(inspection.safety.reasons).toEqual(['QED images are never allowed', 'the image has a backing file ("base")'])
})
