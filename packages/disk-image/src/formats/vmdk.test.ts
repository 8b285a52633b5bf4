import { expect, test } from 'vitest'
import { image, le32, le64 } from '../testing/build.js'
import { inspectBytes, streamBytes } from '../testing/file-image.js'

const text = (createType: string, extent = 'RW 2048 SPARSE "disk.vmdk"') =>
  `# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="${createType}"\n\n` +
  `# Extent description\n${extent}\n\n# The Disk Data Base\nddb.adapterType = "ide"\n`

const header = { 0: 'KDMV', 4: le32(1), 12: le64(2048n), 20: le64(128n), 28: le64(1n), 36: le64(20n) }

const sparse = (descriptor: string, more: Parameters<typeof image>[1] = {}) =>
  image(20_000, { ...header, 512: descriptor, ...more })

test('a monolithic sparse image is safe and tells its grain and extents', async () => {
  expect(await inspectBytes(sparse(text('monolithicSparse')))).toMatchObject({
    format: 'vmdk',
    virtualSizeBytes: 1_048_576,
    details: { subformat: 'monolithicSparse', grainSizeBytes: 65_536, extents: ['disk.vmdk'] },
    safety: { safe: true, reasons: [], warnings: [] },
  })
})

test.each(['monolithicFlat', 'vmfs', 'twoGbMaxExtentSparse', 'fullDevice', 'custom', 'nonsense'])(
  'the subformat %s is refused',
  async (createType) => {
    const inspection = await inspectBytes(sparse(text(createType)))
    expect(inspection.safety.reasons).toEqual([`the VMDK subformat ${createType.toLowerCase()} is not allowed`])
  },
)

test('an extent with a path is refused', async () => {
  const inspection = await inspectBytes(sparse(text('monolithicSparse', 'RW 2048 FLAT "/etc/passwd" 0')))
  expect(inspection.safety.reasons).toEqual(['the VMDK descriptor names an extent file with a path'])
})

test('a descriptor with no extents, or with a line that means nothing, is refused', async () => {
  const inspection = await inspectBytes(sparse(text('streamOptimized', 'not a line of a descriptor')))
  expect(inspection.safety.reasons).toEqual([
    'the VMDK descriptor has a line that is not understood',
    'the VMDK descriptor has no extents',
  ])
})

test('a descriptor that is not ASCII is refused', async () => {
  const inspection = await inspectBytes(sparse(text('monolithicSparse', 'RW 2048 SPARSE "d\xefsk.vmdk"')))
  expect(inspection.safety.reasons).toEqual(['the VMDK descriptor is not ASCII text'])
})

test('a descriptor elsewhere, or none, is refused', async () => {
  const elsewhere = await inspectBytes(sparse('', { 28: le64(2n) }))
  expect(elsewhere.safety.reasons).toEqual([
    'the VMDK has no descriptor',
    'the VMDK descriptor is not in the second sector',
  ])
})

test('a descriptor that claims to be gigantic is read up to 1 MiB, and refused when the file ends first', async () => {
  const inspection = await inspectBytes(sparse(text('monolithicSparse'), { 36: le64(2n ** 64n - 1n) }))
  expect(inspection.safety.reasons).toEqual(['the VMDK descriptor is cut off'])
})

test('a version from the future is refused', async () => {
  const inspection = await inspectBytes(sparse(text('monolithicSparse'), { 4: le32(4) }))
  expect(inspection.safety.reasons).toEqual(['VMDK version 4 is not supported'])
})

test('a difference to a parent names it', async () => {
  const descriptor = text('monolithicSparse').replace('createType', 'parentFileNameHint="base.vmdk"\ncreateType')
  const inspection = await inspectBytes(sparse(descriptor))
  expect(inspection.backingFile).toBe('base.vmdk')
  expect(inspection.safety.warnings).toEqual(['the image is a difference to a parent ("base.vmdk")'])
})

test('a descriptor file is refused whatever it claims, and adds up its extents', async () => {
  const descriptor = text('monolithicFlat', 'RW 2048 FLAT "a-flat.vmdk" 0\nRW 1024 FLAT "b-flat.vmdk" 0')
  const inspection = await inspectBytes(new TextEncoder().encode(descriptor))
  expect(inspection).toMatchObject({
    format: 'vmdk',
    virtualSizeBytes: 3072 * 512,
    dataFile: 'a-flat.vmdk',
    details: { subformat: 'monolithicFlat', extents: ['a-flat.vmdk', 'b-flat.vmdk'] },
  })
  expect(inspection.safety.reasons).toEqual([
    'the VMDK subformat monolithicflat is not allowed',
    'the VMDK is only a descriptor: its data is in other files',
  ])
})

test('the extent of an old ESX server is recognised and refused', async () => {
  const inspection = await inspectBytes(image(2048, { 0: 'COWD', 4: le32(1), 12: le32(4096), 16: le32(1) }))
  expect(inspection).toMatchObject({ format: 'vmdk', virtualSizeBytes: 2_097_152, safety: { safe: false } })
})

// Value of the first field of a header or footer that means: the table is at the end.
const atEnd = le64(2n ** 64n - 1n)

function streamOptimized(footer: Parameters<typeof image>[1]): Uint8Array {
  const descriptor = text('streamOptimized')
  const end = image(1536, {
    8: le32(0),
    12: le32(3),
    512: 'KDMV',
    516: le32(1),
    540: le64(1n),
    548: le64(20n),
    ...footer,
  })
  return new Uint8Array([...sparse(descriptor, { 56: atEnd }), ...end])
}

test('the footer of a stream-optimised image is checked against its header', async () => {
  expect((await inspectBytes(streamOptimized({}))).safety.reasons).toEqual([])
  const wrongs: readonly (readonly [Parameters<typeof image>[1], string])[] = [
    [{ 512: 'COWD' }, 'the VMDK footer has another signature than the header'],
    [{ 516: le32(3) }, 'the VMDK footer has another version than the header'],
    [{ 540: le64(5n) }, 'the VMDK footer names another descriptor than the header'],
    [{ 568: atEnd }, 'the VMDK footer points to another footer'],
    [{ 12: le32(1) }, 'the marker of the VMDK footer is invalid'],
    [{ 1024: le64(7n) }, 'the end marker of the VMDK is invalid'],
  ]
  for (const [footer, reason] of wrongs) {
    const bytes = streamOptimized(footer)
    expect((await inspectBytes(bytes)).safety.reasons).toEqual([reason])
    expect(streamBytes(bytes, 1000).safety.reasons).toEqual([reason])
  }
})

test('an image cut before its footer is refused', async () => {
  const bytes = streamOptimized({})
  expect((await inspectBytes(bytes)).safety.safe).toBe(true)
  expect((await inspectBytes(bytes.subarray(0, bytes.length - 512))).safety.safe).toBe(false)
})
