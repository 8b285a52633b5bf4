import { expect, test } from 'vitest'
import type { DetectedFormat } from './index.js'
import { contradicts, peekLength } from './index.js'
import { bootSector, image } from './testing/build.js'
import { seed } from './testing/seeds.js'

const head = (name: string) => seed(name).subarray(0, peekLength)

const iso = { 32_768: '\x01CD001\x01' }

const contents = {
  noise: new Uint8Array(peekLength).fill(7),
  gpt: head('tiny-gpt.raw'),
  mbr: head('tiny-mbr.raw'),
  luks: image(1000, { 0: 'LUKS\xba\xbe\0\x01' }),
  qcow2: head('tiny.qcow2'),
  qcow: image(1000, { 0: 'QFI\xfb\0\0\0\x01' }),
  vmdk: head('tiny-sparse.vmdk'),
  vhd: head('tiny-dynamic.vhd'),
  'vhd fixed': head('tiny-fixed.vhd'),
  vhdx: head('tiny.vhdx'),
  vdi: head('tiny.vdi'),
  qed: image(1000, { 0: 'QED\0' }),
  ploop: image(1000, { 0: 'WithoutFreeSpace' }),
  iso: image(40_000, iso),
  'iso hybrid': image(40_000, { ...iso, ...bootSector }),
  gzip: image(1000, { 0: '\x1f\x8b\x08' }),
  tar: image(1000, { 257: 'ustar\0' }),
} as const

type Content = keyof typeof contents

const names = Object.keys(contents) as Content[]

/** The contents that each declared format accepts. */
const accepted: Readonly<Record<string, readonly Content[]>> = {
  raw: ['noise', 'gpt', 'mbr', 'luks', 'vhd fixed', 'iso hybrid'],
  qcow2: ['qcow2'],
  vmdk: ['vmdk'],
  vhd: ['vhd', 'vhd fixed', 'noise', 'gpt', 'mbr', 'luks', 'iso hybrid'],
  vhdx: ['vhdx'],
  vdi: ['vdi'],
  iso: ['iso', 'iso hybrid'],
  ami: ['noise', 'gpt', 'mbr', 'luks', 'vhd fixed', 'gzip', 'tar'],
  aki: ['noise', 'gpt', 'mbr', 'luks', 'vhd fixed', 'gzip', 'tar'],
  ari: ['noise', 'gpt', 'mbr', 'luks', 'vhd fixed', 'gzip', 'tar'],
  ploop: ['ploop', 'noise', 'gpt', 'mbr', 'luks', 'vhd fixed', 'gzip', 'tar'],
  qed: ['qed'],
  luks: ['luks'],
  gpt: ['gpt', 'mbr', 'vhd fixed'],
  'an-operators-own': names,
}

test.each(Object.entries(accepted))('content declared %s is questioned when it cannot be that', (declared, fine) => {
  const unquestioned = names.filter((name) => contradicts(declared, contents[name]) === undefined)
  expect([...unquestioned].sort()).toEqual([...fine].sort())
})

test.each<[string, Content, DetectedFormat]>([
  ['vhd', 'qcow2', 'qcow2'],
  ['raw', 'qcow2', 'qcow2'],
  ['raw', 'gzip', 'gzip'],
  ['qcow2', 'noise', 'raw'],
  ['iso', 'gpt', 'gpt'],
  ['qcow2', 'qcow', 'qcow'],
])('declared %s with %s is named as what it is', (declared, content, format) => {
  expect(contradicts(declared, contents[content])).toBe(format)
})

test('no bytes at all cannot be a format that has a header', () => {
  expect(contradicts('qcow2', new Uint8Array(0))).toBe('raw')
  expect(contradicts('raw', new Uint8Array(0))).toBeUndefined()
})
