import { expect, test } from 'vitest'
import { nodePlatform } from '../../node/platform/node-platform.js'
import { memorySource } from '../../testing/memory-source.js'
import { numbers, readCompressed } from '../../testing/compressed-fixtures.js'
import { fromStream } from '../stream-source.js'
import type { Source } from '../source.js'
import { decompressed } from './decompressed.js'

async function readAll(source: Source, start?: number): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source.open({ start })) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test('a source that can be read again is decompressed again, and once for looking and the first reading', async () => {
  const inner = memorySource(await readCompressed('numbers.xz'), true)
  const source = decompressed(inner, 'xz', nodePlatform)
  expect(source).toMatchObject({ size: undefined, replayable: true })
  expect(Buffer.from(await source.peek(6)).toString()).toBe('1\n2\n3\n')
  expect(await readAll(source)).toBe(numbers.toString())
  expect(inner.opened).toBe(1)
  expect(await readAll(source)).toBe(numbers.toString())
  expect(await readAll(source, 1000)).toBe(numbers.toString().slice(1000))
  expect(inner.opened).toBe(3)
})

test('a stream can be looked into and then read, once', async () => {
  const bytes = await readCompressed('numbers.zst')
  const source = decompressed(fromStream(new Blob([bytes]).stream()), 'zstd', nodePlatform)
  expect(source.replayable).toBe(false)
  expect(Buffer.from(await source.peek(4)).toString()).toBe('1\n2\n')
  expect(await readAll(source)).toBe(numbers.toString())
  await expect(readAll(source)).rejects.toThrow(/only once/)
})

test('closing ends what was looked into and never read', async () => {
  let ended = false
  const bytes = await readCompressed('letters.bz2')
  const endless = async function* () {
    try {
      for (;;) yield bytes
    } finally {
      ended = true
    }
  }
  const source = decompressed(fromStream(endless()), 'bzip2', nodePlatform)
  await source.peek(10)
  await source.close?.()
  await expect.poll(() => ended).toBe(true)
})
