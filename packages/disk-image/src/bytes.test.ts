import { expect, test } from 'vitest'
import { guid, hasMagic, slice, text, text16, u16be, u32be, u32le, u64be, u64le, uuid } from './bytes.js'

const bytes = Uint8Array.from({ length: 16 }, (_, at) => 0xf0 + at)

test('numbers are read in either order, beyond 2^31 and 2^53 too', () => {
  expect(u16be(bytes, 0)).toBe(0xf0f1)
  expect(u32be(bytes, 0)).toBe(0xf0f1f2f3)
  expect(u32le(bytes, 0)).toBe(0xf3f2f1f0)
  expect(u64be(bytes, 0)).toBe(0xf0f1f2f3f4f5f6f7n)
  expect(u64le(bytes, 0)).toBe(0xf7f6f5f4f3f2f1f0n)
})

test('beyond the end there are zeros', () => {
  expect(u32be(bytes, 14)).toBe(0xfeff0000)
  expect(u64le(bytes, 100)).toBe(0n)
  expect(slice(bytes, 100, 5)).toHaveLength(0)
  expect(hasMagic(bytes, '\xff', 16)).toBe(false)
})

test('text ends at a NUL and loses what a terminal would obey', () => {
  expect(text(new TextEncoder().encode(' a\u202e\x1b[31mb\n\0c'))).toBe('a[31mb')
  expect(text16(Uint8Array.from([0x61, 0, 0x00, 0xd8, 0, 0]), 'le')).toBe('a\ufffd')
})

test('identifiers are printed in the order their format means', () => {
  expect(guid(bytes, 0)).toBe('f3f2f1f0-f5f4-f7f6-f8f9-fafbfcfdfeff')
  expect(uuid(bytes, 0)).toBe('f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff')
})
