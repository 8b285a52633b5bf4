import { expect, test } from 'vitest'
import { glanceVerdict } from './index.js'
import { be32, image } from './testing/build.js'
import { streamBytes } from './testing/file-image.js'
import { seed } from './testing/seeds.js'

const verdict = (declared: string, bytes: Uint8Array) => glanceVerdict(declared, streamBytes(bytes))

test('content of the declared format is accepted with its virtual size', () => {
  expect(verdict('qcow2', seed('tiny.qcow2'))).toEqual({ accepted: true, virtualSizeBytes: 8_388_608 })
})

test('any safe content declared raw is accepted at the size of the file', () => {
  const bytes = seed('tiny.qcow2')
  expect(verdict('raw', bytes)).toEqual({ accepted: true, virtualSizeBytes: bytes.length })
})

test('unsafe content is refused, declared raw or not', () => {
  const bytes = image(1024, { 0: 'QFI\xfb', 4: be32(3), 12: be32(600) })
  const reason = 'Image failed safety checks: the image has a backing file'
  for (const declared of ['raw', 'qcow2']) expect(verdict(declared, bytes)).toEqual({ accepted: false, reason })
})

test('content of another format is refused', () => {
  const reason = 'Image disk_format vmdk does not match stream data qcow2'
  expect(verdict('vmdk', seed('tiny.qcow2'))).toEqual({ accepted: false, reason })
  expect(verdict('qcow2', new Uint8Array(100_000))).toMatchObject({ accepted: false })
})

test('a fixed VHD is refused as vhd and accepted as raw', () => {
  const bytes = seed('tiny-fixed.vhd')
  expect(verdict('vhd', bytes)).toMatchObject({ accepted: false })
  expect(verdict('raw', bytes)).toEqual({ accepted: true, virtualSizeBytes: bytes.length })
})

test('formats Glance does not look into take what it does not recognise, and set no virtual size', () => {
  expect(verdict('ami', new Uint8Array(1000))).toEqual({ accepted: true })
  expect(verdict('ploop', image(1000, { 0: 'WithoutFreeSpace' }))).toEqual({ accepted: true })
  expect(verdict('aki', seed('tiny-gpt.raw'))).toMatchObject({ accepted: false })
})

test('an ISO that is a disk too is an ISO', () => {
  const bytes = seed('tiny.iso').slice()
  bytes.set([0x55, 0xaa], 510)
  expect(verdict('iso', bytes)).toMatchObject({ accepted: true })
  expect(verdict('raw', bytes)).toEqual({ accepted: false, reason: 'Multiple formats detected: iso,gpt' })
})

test('any other two formats in one are refused', () => {
  const bytes = seed('tiny.iso').slice()
  bytes.set([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 2])
  for (const declared of ['iso', 'qcow2', 'raw'])
    expect(verdict(declared, bytes)).toEqual({ accepted: false, reason: 'Multiple formats detected: qcow2,iso' })
})
