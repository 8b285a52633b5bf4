import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHashThreads, createSharedBlocks } from '@tyrax/hash-threads'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { threadFileHash } from './file-hash.js'
import { workerHash } from './chunk-hash.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-hash-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const sha512 = (bytes: Uint8Array) => createHash('sha512').update(bytes).digest('hex')

async function openFile(name: string, bytes: Uint8Array) {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return open(path)
}

test('more hashes than threads, of blocks and of files, fed in turn, are each right', async () => {
  const threads = createHashThreads({ most: 2 })
  const blocks = createSharedBlocks()
  const contents = Array.from({ length: 6 }, (_, index) => randomBytes(5_000_000 + index))
  const fed = contents.map((bytes) => ({ bytes, hash: workerHash(['sha512', 'md5'], threads, blocks) }))
  const files = await Promise.all(contents.map((bytes, index) => openFile(`f${index}`, bytes)))
  const followed = files.map((file) => threadFileHash(file, 'sha512', threads))
  for (let at = 0; at < 6_000_000; at += 700_001) {
    await Promise.all(fed.map(({ bytes, hash }) => hash.update(bytes.subarray(at, at + 700_001))))
    followed.forEach((hash, index) => hash.reach(Math.min(at, contents[index]?.byteLength ?? 0)))
  }
  const digests = await Promise.all(fed.map(({ hash }) => hash.digest()))
  expect(digests.map(({ sha512: digest }) => digest)).toEqual(contents.map(sha512))
  const ofFiles = await Promise.all(followed.map((hash, index) => hash.digest(contents[index]?.byteLength ?? 0)))
  expect(ofFiles).toEqual(contents.map(sha512))
  for (const hash of followed) await hash.dispose()
  for (const file of files) await file.close()
})

/** A copy in shared memory, for threads. */
function shared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength))
  copy.set(bytes)
  return copy
}

test('a file is hashed from memory and from itself, however the two follow each other', async () => {
  const bytes = randomBytes(4_000_000)
  const file = await openFile('mixed', bytes)
  const piece = fc.record({ length: fc.integer({ min: 1, max: 128 * 1024 }), isHanded: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.nat(2_000_000), fc.array(piece, { maxLength: 60 }), async (kept, pieces) => {
      const hash = threadFileHash(file, 'sha512', createHashThreads({ most: 1 }))
      hash.reach(kept)
      let at = kept
      for (const { length, isHanded } of pieces) {
        const end = Math.min(at + length, bytes.byteLength)
        // If the hash never reached these bytes, this would wait forever.
        if (isHanded && end > at) await Promise.all(hash.hand(at, [shared(bytes.subarray(at, end))]))
        else hash.reach(end)
        at = end
      }
      expect(await hash.digest(at)).toBe(sha512(bytes.subarray(0, at)))
      await hash.dispose()
    }),
    { numRuns: 40 },
  )
  await file.close()
})

test('what is handed over is hashed as it is, and its memory may then hold other bytes', async () => {
  const file = await openFile('other', new Uint8Array(8_000_000))
  const hash = threadFileHash(file, 'sha512', createHashThreads({ most: 1 }))
  const bytes = randomBytes(40 * 128 * 1024)
  const memory = shared(bytes.subarray(0, 128 * 1024))
  for (let at = 0; at < bytes.byteLength; at += 128 * 1024) {
    memory.set(bytes.subarray(at, at + 128 * 1024))
    await Promise.all(hash.hand(at, [memory]))
  }
  // The file contains other bytes, so these were not read back.
  expect(await hash.digest(bytes.byteLength)).toBe(sha512(bytes))
  await hash.dispose()
  await file.close()
})

test('a hash that is far behind follows nothing', async () => {
  const sparse = await openFile('sparse', new Uint8Array())
  await sparse.close()
  const file = await open(join(folder, 'sparse'), 'r+')
  await file.truncate(2 ** 33)
  const hash = threadFileHash(file, 'sha512', createHashThreads({ most: 1 }))
  expect(hash.follows(0)).toBe(true)
  hash.reach(2 ** 33 - 128 * 1024)
  expect(hash.follows(2 ** 33 - 128 * 1024)).toBe(false)
  await hash.dispose()
  await file.close()
})

test('whoever waits for what was handed over is let go when the hash is given up or its thread fails', async () => {
  const short = await openFile('short', new Uint8Array(1000))
  const hand = (hash: ReturnType<typeof threadFileHash>) =>
    Promise.all(hash.hand(2_000_000, [shared(new Uint8Array(128 * 1024))]))
  const failing = threadFileHash(short, 'sha512', createHashThreads({ most: 1 }))
  await hand(failing)
  expect(failing.follows(0)).toBe(false)
  await expect(failing.digest(2_128_072)).rejects.toThrow('the file ends after 1000 bytes')
  const givenUp = threadFileHash(short, 'sha512', createHashThreads({ most: 1 }))
  await Promise.all([hand(givenUp), givenUp.dispose()])
  await failing.dispose()
  await short.close()
})

test('a file that turns out shorter fails its own hash, and no other on the same thread', async () => {
  const threads = createHashThreads({ most: 1 })
  const bytes = randomBytes(3_000_000)
  const [short, whole] = [await openFile('short', bytes.subarray(0, 1000)), await openFile('whole', bytes)]
  const hashes = [threadFileHash(short, 'sha512', threads), threadFileHash(whole, 'sha512', threads)] as const
  const failed = hashes[0].digest(2_000_000).catch((error: unknown) => error)
  expect(await hashes[1].digest(bytes.byteLength)).toBe(sha512(bytes))
  expect(await failed).toMatchObject({ message: 'the file ends after 1000 bytes' })
  for (const hash of hashes) await hash.dispose()
  await short.close()
  await whole.close()
})

test('one that is given up while it is far behind leaves its file, and those beside it go on', async () => {
  const threads = createHashThreads({ most: 1 })
  const blocks = createSharedBlocks()
  const zeros = await openFile('zeros', new Uint8Array())
  await zeros.close()
  const large = await open(join(folder, 'zeros'), 'r+')
  await large.truncate(2 ** 33)
  const behind = threadFileHash(large, 'sha512', threads)
  behind.reach(2 ** 33)
  const beside = workerHash(['sha512'], threads, blocks)
  const bytes = randomBytes(9_000_000)
  await beside.update(bytes)
  await behind.dispose()
  await large.close()
  expect(await beside.digest()).toEqual({ sha512: sha512(bytes) })
})

test('blocks that are given up with their hash are there for the next ones', async () => {
  const threads = createHashThreads({ most: 1 })
  const blocks = createSharedBlocks()
  const bytes = randomBytes(8_000_000)
  for (let round = 0; round < 5; round += 1) {
    const given = workerHash(['sha512'], threads, blocks)
    await given.update(bytes)
    given.dispose()
  }
  const last = workerHash(['sha512'], threads, blocks)
  await last.update(bytes)
  expect(await last.digest()).toEqual({ sha512: sha512(bytes) })
})
