import { expect, test } from 'vitest'
import { DiskImageError, StreamInspector } from './index.js'
import { inspectBytes, streamBytes } from './testing/file-image.js'
import { seeds } from './testing/seeds.js'

test.each([...seeds.keys()])('%s streamed in chunks of any length gives what ranges give', async (name) => {
  const bytes = seeds.get(name) ?? new Uint8Array(0)
  const expected = await inspectBytes(bytes)
  for (const length of [511, 4096, 65_536, 1_000_003, bytes.length])
    expect(streamBytes(bytes, length)).toEqual(expected)
})

test('chunks may be overwritten once they were taken', async () => {
  const bytes = seeds.get('tiny.vhdx') ?? new Uint8Array(0)
  const inspector = new StreamInspector()
  const chunk = new Uint8Array(100_000)
  for (let at = 0; at < bytes.length; at += chunk.length) {
    const part = bytes.subarray(at, at + chunk.length)
    chunk.set(part)
    inspector.write(chunk.subarray(0, part.length))
    chunk.fill(0xff)
  }
  expect(inspector.finish()).toEqual(await inspectBytes(bytes))
})

test('a stream of nothing, and empty chunks, are raw', () => {
  const inspector = new StreamInspector()
  inspector.write(new Uint8Array(0))
  expect(inspector.finish()).toMatchObject({ format: 'raw', virtualSizeBytes: 0 })
})

test('nothing can be written or finished twice', () => {
  const inspector = new StreamInspector()
  inspector.finish()
  expect(() => inspector.finish()).toThrow(DiskImageError)
  expect(() => inspector.write(new Uint8Array(1))).toThrow(DiskImageError)
})
