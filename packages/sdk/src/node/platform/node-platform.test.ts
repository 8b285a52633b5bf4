import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHashThreads, createSharedBlocks } from '@tyrax/hash-threads'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TargetError } from '../../errors/transfer-errors.js'
import { browserPlatform } from '../../browser/platform/browser-platform.js'
import type { ChunkHash, FileTarget } from '../../platform/platform.js'
import { openFileTarget } from './file-target.js'
import { inlineHash, workerHash } from './chunk-hash.js'
import { nodePlatform } from './node-platform.js'

const threadHash = (names: readonly string[]) => workerHash(names, createHashThreads(), createSharedBlocks())

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-target-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function writeAll(target: FileTarget, bytes: Uint8Array, at = 0): Promise<void> {
  const writer = target.writer(at)
  await writer.write(bytes)
  await writer.flush()
}

const algorithms = ['md5', 'sha512', 'sha256', 'sha3_256', 'blake2b']
const names: Record<string, string> = { sha3_256: 'sha3-256', blake2b: 'blake2b512' }
const expected = (bytes: Uint8Array) =>
  Object.fromEntries(
    algorithms.map((one) => [
      one,
      createHash(names[one] ?? one)
        .update(bytes)
        .digest('hex'),
    ]),
  )

test.each<[string, () => ChunkHash | Promise<ChunkHash>]>([
  ['the calling thread', () => inlineHash(algorithms)],
  ['a thread of its own', () => threadHash(algorithms)],
  ['WebAssembly', () => browserPlatform.createHash(algorithms)],
])('%s computes the digests of Glance’s algorithms', async (_where, create) => {
  const bytes = randomBytes(100_000)
  const hash = await create()
  for (let at = 0; at < bytes.byteLength; at += 7001) await hash.update(bytes.subarray(at, at + 7001))
  expect(await hash.digest()).toEqual(expected(bytes))
})

test('a thread of its own hashes shared memory without a copy, of which the last two chunks stay as they are', async () => {
  const hash = threadHash(['sha512'])
  const reference = createHash('sha512')
  const buffers = [1, 2, 3].map(() => Buffer.from(new SharedArrayBuffer(1_500_000)))
  for (let round = 0; round < 30; round += 1) {
    const buffer = buffers[round % 3] as Buffer
    buffer.fill(round)
    reference.update(buffer)
    await hash.update(buffer)
    if (round % 5 > 0) continue
    const own = randomBytes(100_000)
    reference.update(own)
    await hash.update(own)
    own.fill(0)
  }
  expect(await hash.digest()).toEqual({ sha512: reference.digest('hex') })
})

test('a thread of its own hashes what it was given, although the buffers are used again at once', async () => {
  const hash = threadHash(['sha512'])
  const reference = createHash('sha512')
  const buffer = Buffer.alloc(1_500_000)
  for (let round = 0; round < 20; round += 1) {
    buffer.fill(round)
    reference.update(buffer)
    await hash.update(buffer)
  }
  expect(await hash.digest()).toEqual({ sha512: reference.digest('hex') })
})

test('a digest can be given up at any time', async () => {
  const hash = threadHash(['sha512'])
  await hash.update(Buffer.alloc(3_000_000))
  expect(() => [hash.dispose(), hash.dispose()]).not.toThrow()
})

test('an algorithm that is not known is absent, not an error', async () => {
  for (const hash of [inlineHash(['sha999']), threadHash(['sha999']), await browserPlatform.createHash(['sha999'])]) {
    await hash.update(Buffer.from('x'))
    expect(await hash.digest()).toEqual({})
  }
  expect(await nodePlatform.supports('sha999')).toBe(false)
  expect(await nodePlatform.supports('sha512')).toBe(true)
  expect(await browserPlatform.supports('sha512')).toBe(true)
})

test('a file is written under another name until it is whole', async () => {
  const path = join(folder, 'u.img')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1_300_000), { maxLength: 6 }), async (sizes) => {
      const chunks = sizes.map((size, index) => Buffer.alloc(size, index + 1))
      const target = await openFileTarget(path, { overwrite: true })
      const writer = target.writer(0)
      for (const chunk of chunks) await writer.write(chunk)
      await writer.flush()
      expect(await readdir(folder)).toContain('u.img.part')
      await target.commit()
      await target.discard()
      expect(await readdir(folder)).toEqual(['u.img'])
      expect((await readFile(path)).equals(Buffer.concat(chunks))).toBe(true)
    }),
    { numRuns: 15 },
  )
})

test('a large file is what was written, wherever it was gone on with and however the bytes came', async () => {
  const path = join(folder, 'u.img')
  const bytes = randomBytes(24_000_000)
  const cut = fc.nat(bytes.byteLength)
  await fc.assert(
    fc.asyncProperty(
      fc.array(cut, { maxLength: 5 }),
      cut,
      fc.integer({ min: 1000, max: 200_000 }),
      async (...given) => {
        const [cuts, first, step] = given
        const identity = { of: randomBytes(8).toString('hex'), size: bytes.byteLength }
        const options = { overwrite: true, sizeBytes: bytes.byteLength, identity, algorithm: 'sha512' }
        const before = await openFileTarget(path, options)
        await writeAll(before, bytes.subarray(0, first))
        expect(await before.keep()).toBe(first)
        const target = await openFileTarget(path, options)
        expect(target.kept).toBe(first)
        const ends = [...cuts.filter((end) => end > first), bytes.byteLength].toSorted((a, b) => a - b)
        let at = first
        for (const end of ends) {
          const writer = target.writer(at)
          for (; at < end; at = Math.min(at + step, end))
            await writer.write(bytes.subarray(at, Math.min(at + step, end)))
          await writer.flush()
        }
        expect(await target.digest(bytes.byteLength)).toBe(createHash('sha512').update(bytes).digest('hex'))
        await target.commit()
        expect((await readFile(path)).equals(bytes)).toBe(true)
      },
    ),
    { numRuns: 12 },
  )
})

test('how far a scattered file has come is noted while it is written, not only at its end', async () => {
  const path = join(folder, 'u.img')
  const target = await openFileTarget(path, { identity: { of: 'this' }, sizeBytes: 2 ** 30, algorithm: 'sha512' })
  await target.scatter()
  const ahead = target.writer(2 ** 29)
  await ahead.write(Buffer.alloc(1000, 2))
  const chunk = Buffer.alloc(2 ** 20, 1)
  const writer = target.writer(0)
  for (let index = 0; index < 100; index += 1) await writer.write(chunk)
  await Promise.all([writer.flush(), ahead.flush()])
  const { prefix } = JSON.parse(await readFile(`${path}.part.json`, 'utf8')) as { prefix: number }
  expect(prefix).toBeGreaterThanOrEqual(64 * 2 ** 20)
  expect(await target.keep()).toBe(100 * 2 ** 20)
})

test('a file that is given up leaves nothing', async () => {
  const target = await openFileTarget(join(folder, 'u.img'))
  await writeAll(target, Buffer.from('half'))
  await target.discard()
  await target.discard()
  expect(await readdir(folder)).toEqual([])
})

test('an existing file stays as it is unless it may be overwritten', async () => {
  const path = join(folder, 'u.img')
  await writeFile(path, 'mine')
  await expect(openFileTarget(path)).rejects.toThrow(/already exists/)
  expect(await readFile(path, 'utf8')).toBe('mine')
})

test('a file that comes to be there meanwhile is not overwritten', async () => {
  const path = join(folder, 'u.img')
  const target = await openFileTarget(path)
  await writeAll(target, Buffer.from('ours'))
  await writeFile(path, 'theirs')
  await expect(target.commit()).rejects.toThrow(/already exists/)
  await target.discard()
  expect(await readFile(path, 'utf8')).toBe('theirs')
  expect(await readdir(folder)).toEqual(['u.img'])
})

test('a stale longer part never reaches the result', async () => {
  const path = join(folder, 'u.img')
  await writeFile(`${path}.part`, 'x'.repeat(1000))
  const target = await openFileTarget(path)
  await writeAll(target, Buffer.from('short'))
  await target.commit()
  expect(await readFile(path, 'utf8')).toBe('short')
})

test('a lock of a process that is no more does not hold', async () => {
  const path = join(folder, 'u.img')
  await writeFile(`${path}.part.lock`, '999999999')
  const target = await openFileTarget(path)
  await target.commit()
  expect(await readdir(folder)).toEqual(['u.img'])
})

test('a lock of a former process that had the number of this one does not hold', async () => {
  const path = join(folder, 'u.img')
  await writeFile(`${path}.part.lock`, String(process.pid))
  await utimes(`${path}.part.lock`, 1, 1)
  const target = await openFileTarget(path)
  await target.discard()
  expect(await readdir(folder)).toEqual([])
})

test('a lock whose process was killed before it had a number in it does not hold', async () => {
  const path = join(folder, 'u.img')
  await writeFile(`${path}.part.lock`, '')
  const target = await openFileTarget(path)
  await target.discard()
  expect(await readdir(folder)).toEqual([])
})

test('of many that find a lock that does not hold, one takes it', async () => {
  const path = join(folder, 'u.img')
  for (let round = 0; round < 20; round += 1) {
    await writeFile(`${path}.part.lock`, '999999999')
    const opened = await Promise.allSettled(Array.from({ length: 6 }, () => openFileTarget(path)))
    const targets = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    expect(targets).toHaveLength(1)
    for (const target of targets) await target.discard()
  }
})

test('one file is written by one download at a time', async () => {
  const path = join(folder, 'u.img')
  const first = await openFileTarget(path)
  await expect(openFileTarget(path)).rejects.toThrow(/being downloaded/)
  await first.discard()
  await (await openFileTarget(path)).discard()
})

test('a directory, a missing folder and a disk without room are refused before anything is fetched', async () => {
  await mkdir(join(folder, 'sub'))
  await expect(openFileTarget(join(folder, 'sub'))).rejects.toThrow(/is a directory/)
  await expect(openFileTarget(join(folder, 'none', 'u.img'))).rejects.toThrow(/folder does not exist/)
  await expect(openFileTarget(join(folder, 'u.img'), { sizeBytes: 2 ** 60 })).rejects.toThrow(/bytes free/)
  await expect(openFileTarget(join(folder, 'sub', 'a', 'b'))).rejects.toBeInstanceOf(TargetError)
  expect(await readdir(folder)).toEqual(['sub'])
})
