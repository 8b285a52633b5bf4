import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, chmod, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SourceError } from '../../errors/transfer-errors.js'
import type { Source } from '../../sources/source.js'
import { fromFile } from './file-source.js'

const bytes = randomBytes(3 * 1024 * 1024 + 17)
let folder: string
let count = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-file-source-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function file(content: Uint8Array = bytes): Promise<string> {
  count += 1
  const path = join(folder, `image-${count}`)
  await writeFile(path, content)
  return path
}

async function readAll(source: Source, start?: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source.open({ start })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Reads a first chunk, changes the file with `happening`, and continues reading. */
async function readAround(path: string, happening: () => Promise<unknown>): Promise<number> {
  const source = fromFile(path)
  await source.prepare()
  let read = 0
  for await (const chunk of source.open()) {
    if (read === 0) await happening()
    read += chunk.byteLength
  }
  return read
}

test('a file gives its bytes as often as it is opened, from wherever it is opened', async () => {
  const source = fromFile(await file())
  await source.prepare()
  expect(source).toMatchObject({ size: bytes.byteLength, replayable: true })
  expect(Buffer.from(await source.peek(1000)).equals(bytes.subarray(0, 1000))).toBe(true)
  expect((await readAll(source)).equals(bytes)).toBe(true)
  expect((await readAll(source)).equals(bytes)).toBe(true)
  expect((await readAll(source, 1024 * 1024 + 5)).equals(bytes.subarray(1024 * 1024 + 5))).toBe(true)
})

test('an empty file has size 0 and no bytes', async () => {
  const source = fromFile(await file(new Uint8Array()))
  await source.prepare()
  expect(source.size).toBe(0)
  expect(await source.peek(10)).toHaveLength(0)
  expect(await readAll(source)).toHaveLength(0)
})

test('a directory, a missing file and an unreadable one are refused before anything is read', async () => {
  await expect(fromFile(folder).prepare()).rejects.toThrow(/is a directory/)
  await expect(fromFile(join(folder, 'none')).prepare()).rejects.toThrow(/no such file/)
  if (process.getuid?.() === 0) return
  const path = await file()
  await chmod(path, 0)
  await expect(fromFile(path).prepare()).rejects.toThrow(/permission denied/)
})

test.each<[string, (path: string) => Promise<unknown>]>([
  ['grows', (path) => appendFile(path, 'more')],
  ['shrinks', (path) => truncate(path, 1_500_000)],
  ['is replaced', async (path) => rename(await file(), path)],
  ['is written to', (path) => writeFile(path, bytes)],
  ['is removed', (path) => rm(path)],
])('a file that %s while it is read is an error, and its last bytes are not given', async (_what, happen) => {
  const path = await file()
  let read = 0
  const reading = async () => {
    const source = fromFile(path)
    await source.prepare()
    for await (const chunk of source.open()) {
      if (read === 0) await happen(path)
      read += chunk.byteLength
    }
  }
  await expect(reading()).rejects.toBeInstanceOf(SourceError)
  expect(read).toBeLessThan(bytes.byteLength)
})

test('what is read ahead may fail while the reader is busy: it is told when it asks', async () => {
  const path = await file()
  const source = fromFile(path)
  await source.prepare()
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  try {
    const chunks = source.open()[Symbol.asyncIterator]()
    await chunks.next()
    await truncate(path, 2_500_000)
    // The third chunk is read ahead, and the file has only a part of it by now.
    await chunks.next()
    await sleep(100)
    await expect(chunks.next()).rejects.toThrow(/changed while it was read/)
    expect(unhandled).toEqual([])
  } finally {
    process.off('unhandledRejection', note)
  }
})

test('a file that changes between two readings is an error at the second', async () => {
  const path = await file()
  const source = fromFile(path)
  await source.prepare()
  await readAll(source)
  await appendFile(path, 'more')
  await expect(readAll(source)).rejects.toThrow(/changed while it was read/)
})

test.runIf(process.platform === 'linux')(
  'a pipe without a writer is waited for until the caller gives up',
  async () => {
    const path = join(folder, 'silent')
    await promisify(execFile)('mkfifo', [path])
    const peeking = new AbortController()
    const peeked = fromFile(path).peek(4, peeking.signal)
    const reading = new AbortController()
    const source = fromFile(path)
    const read = (async () => {
      for await (const chunk of source.open({ signal: reading.signal }))
        throw new Error(`there are ${chunk.byteLength}`)
    })()
    const closed = fromFile(path)
    await closed.prepare()
    const left = closed.peek(4)
    // If it waits at all, it is waiting by now.
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
    peeking.abort()
    reading.abort()
    await expect(peeked).rejects.toThrow(/silent|abort/)
    await expect(read).rejects.toThrow(/silent|abort/)
    await closed.close?.()
    await expect(left).rejects.toThrow(/silent/)
  },
)

test('a pipe is read once, and what was peeked at comes again', async () => {
  const path = join(folder, 'fifo')
  await promisify(execFile)('mkfifo', [path])
  const source = fromFile(path)
  await source.prepare()
  expect(source).toMatchObject({ replayable: false, size: undefined })
  const writing = writeFile(path, bytes)
  expect(Buffer.from(await source.peek(100)).equals(bytes.subarray(0, 100))).toBe(true)
  expect((await readAll(source)).equals(bytes)).toBe(true)
  await writing
  await expect(readAll(source)).rejects.toThrow(/only once/)
})

test('for a reader that allows it, memory is used again, and none of the last three chunks changes', async () => {
  const content = randomBytes(7 * 1024 * 1024 + 17)
  const source = fromFile(await file(content))
  const memory = new Set<ArrayBufferLike>()
  let position = 0
  let before: { chunk: Uint8Array; at: number }[] = []
  for await (const chunk of source.open({ reuse: true, start: 5 })) {
    const isWhat = ({ chunk: given, at }: (typeof before)[number]) =>
      content.subarray(5 + at, 5 + at + given.length).equals(given)
    const now = { chunk, at: position }
    // Reading ahead has finished by now.
    await new Promise((resolve) => setTimeout(resolve, 20))
    before = [...before.slice(-2), now]
    expect(before.every(isWhat)).toBe(true)
    memory.add(chunk.buffer)
    position += chunk.length
  }
  expect(position).toBe(content.length - 5)
  expect(memory.size).toBe(4)
})

test('a reader that stops early leaves no file open', async () => {
  const path = await file()
  for (let i = 0; i < 5; i += 1) {
    for await (const chunk of fromFile(path).open()) {
      expect(chunk.byteLength).toBeGreaterThan(0)
      break
    }
  }
  expect(await readAround(path, async () => undefined)).toBe(bytes.byteLength)
})
