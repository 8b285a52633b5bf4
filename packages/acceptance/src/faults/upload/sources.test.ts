import { appendFile, rename, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { type Cloud, fromFile, fromStream } from '@tyrax/sdk'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { file, leftOvers, raw } from './scene.js'
import { startSink } from './sink.js'

const size = 40_000_000

test.each<[string, (name: string) => Promise<void>]>([
  ['grows', (name) => appendFile(name, Buffer.alloc(1000))],
  ['shrinks', (name) => truncate(name, 1_000_000)],
  ['is replaced', (name) => rename(`${name}.new`, name)],
  ['is written to in its place', (name) => writeFile(name, Buffer.alloc(1000), { flag: 'r+' })],
])('U15: a file that %s while it is read is an error, and nothing is left', async (_what, change) => {
  // Slow enough that the file changes long before its end is reached.
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'stall', afterRequestBytes: 100_000, ms: 1000 } }],
  })
  const name = path.join(under.folder, 'u.raw')
  await writeFile(name, someData(size).data)
  await writeFile(`${name}.new`, someData(size).data)
  let changed: Promise<void> | undefined
  const onProgress = ({ phase, bytes }: { phase: string; bytes: number }) => {
    if (phase === 'upload' && bytes > 0) changed ??= change(name)
  }
  const error = await failure(under.cloud.images.create({ ...raw, data: fromFile(name), onProgress }))
  await changed
  expect(error).toMatchObject({ name: 'SourceError' })
  await expect.poll(() => leftOvers(under)).toEqual([])
})

test.each(['', 'nowhere.raw'])('U15: "%s", which cannot be read, is refused before a record is made', async (name) => {
  await using under = await faultyCloud({})
  const error = await failure(under.cloud.images.create({ ...raw, data: fromFile(path.join(under.folder, name)) }))
  expect(error).toMatchObject({ name: 'SourceError' })
  expect(under.image.requests).toEqual([])
})

test('U15: a source that becomes unreadable in the middle is an error, and nothing is left', async () => {
  await using under = await faultyCloud({})
  const broken = async function* () {
    yield someData(1_000_000).data
    throw new Error('EIO: i/o error, read')
  }
  const error = await failure(under.cloud.images.create({ ...raw, data: fromStream(broken()) }))
  expect(error).toMatchObject({ name: 'SourceError', cause: { message: 'EIO: i/o error, read' } })
  expect(await leftOvers(under)).toEqual([])
})

test.each([
  ['short of', 999_999],
  ['beyond', 1_000_001],
])('U16: a stream that ends %s its declared size is an error, and nothing is left', async (_what, declared) => {
  await using under = await faultyCloud({})
  const source = fromStream(Readable.from([someData(1_000_000).data]), { size: declared })
  expect(await failure(under.cloud.images.create({ ...raw, data: source }))).toMatchObject({ name: 'SourceError' })
  expect(await leftOvers(under)).toEqual([])
})

/** Chunks with their own memory, which stays allocated as long as any of them is referenced. */
async function* endless(given: { bytes: number }): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    given.bytes += 2 ** 20
    yield Buffer.alloc(2 ** 20, 7)
  }
}

test('U16: a stream without end is sent in constant memory until the user stops it, and nothing is left', async () => {
  await using under = await faultyCloud({})
  await using sink = await startSink()
  const bottomless = await under.another({ imageEndpointOverride: sink.url })
  const before = process.memoryUsage().rss
  let peak = before
  const stopped = async (cloud: Cloud, enough: number) => {
    const stop = new AbortController()
    const given = { bytes: 0 }
    const onProgress = ({ bytes }: { bytes: number }) => {
      peak = Math.max(peak, process.memoryUsage().rss)
      if (bytes > enough) stop.abort()
    }
    const data = fromStream(endless(given))
    const error = await failure(cloud.images.create({ ...raw, data, signal: stop.signal, onProgress }))
    expect(error).toMatchObject({ name: 'AbortError' })
    expect(given.bytes).toBeGreaterThan(enough)
  }
  await stopped(bottomless, 1000 * 2 ** 20)
  expect(peak - before).toBeLessThan(500 * 2 ** 20)
  expect(sink.images()).toEqual([])
  await stopped(under.cloud, 100 * 2 ** 20)
  await expect.poll(() => leftOvers(under)).toEqual([])
})

test('U16: a stream without end is ended by the size cap of the server, and nothing is left', async () => {
  await using under = await faultyCloud({}, {}, { image: { quotas: { imageSizeCapBytes: 5_000_000 } } })
  const chunk = someData(2 ** 20).data
  const endless = async function* () {
    for (;;) yield chunk
  }
  const error = await failure(under.cloud.images.create({ ...raw, data: fromStream(endless()) }))
  expect(error).toMatchObject({ name: 'OverLimitError', status: 413 })
  expect(await leftOvers(under)).toEqual([])
})
