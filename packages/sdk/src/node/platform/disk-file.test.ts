import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blockBytes, createSharedBlocks } from '@tyrax/hash-threads'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diskFile } from './disk-file.js'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-part-'))
  path = join(folder, 'p')
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const blocks = createSharedBlocks()
blocks.join()
function filled(bytes: Uint8Array) {
  const block = blocks.take()
  if (!block) throw new Error('no block is left')
  block.set(bytes)
  return block
}

/** How many files this process has opened for direct writes, bypassing the page cache. */
async function openDirectly(): Promise<number> {
  if (process.platform !== 'linux') return 0
  const infos = await Promise.all(
    (await readdir('/proc/self/fdinfo')).map((fd) => readFile(`/proc/self/fdinfo/${fd}`, 'utf8').catch(() => '')),
  )
  return infos.filter((info) => Number.parseInt(/^flags:\s+(\d+)$/m.exec(info)?.[1] ?? '0', 8) & constants.O_DIRECT)
    .length
}

/** Whether files can be written directly here, bypassing the page cache: not every file system supports it. */
async function takesDirectWrites(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const tried = await open(join(folder, 'tried'), constants.O_CREAT | constants.O_WRONLY | constants.O_DIRECT).catch(
    () => undefined,
  )
  await tried?.close()
  return tried !== undefined
}

test('what is written both ways in turn, at any place, is what is in the file', async () => {
  const block = filled(randomBytes(blockBytes))
  const place = fc.oneof(
    fc.nat(64).map((pages) => pages * 4096),
    fc.nat(300_000),
  )
  const length = fc.oneof(
    fc.integer({ min: 1, max: 64 }).map((pages) => pages * 4096),
    fc.integer({ min: 1, max: 300_000 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(place, length, fc.boolean()), { maxLength: 8 }), async (writes) => {
      const file = await open(path, 'w+')
      const part = diskFile(file)
      const expected = Buffer.alloc(1_000_000)
      let end = 0
      for (const [at, bytes, direct] of writes) {
        const piece = block.subarray(at % 4096, (at % 4096) + bytes)
        await part.write(at, [piece], direct)
        expected.set(piece, at)
        end = Math.max(end, at + bytes)
        // Other readers see the data immediately.
        expect((await file.read(Buffer.alloc(bytes), 0, bytes, at)).buffer.equals(Buffer.from(piece))).toBe(true)
      }
      await part.sync()
      await part.close()
      expect((await readFile(path)).equals(expected.subarray(0, end))).toBe(true)
    }),
    { numRuns: 60 },
  )
  blocks.give(block)
})

test('whole blocks go past the page cache where the file system has that, and nothing stays open', async () => {
  const isTaken = await takesDirectWrites()
  const pieces = [filled(randomBytes(blockBytes)), filled(randomBytes(blockBytes))]
  const part = diskFile(await open(path, 'w+'))
  await part.write(0, pieces, false)
  expect(await openDirectly()).toBe(0)
  await part.write(2 * blockBytes, pieces, true)
  expect(await openDirectly()).toBe(isTaken ? 1 : 0)
  await part.close()
  expect(await openDirectly()).toBe(0)
  expect((await readFile(path)).equals(Buffer.concat([...pieces, ...pieces]))).toBe(true)
  for (const piece of pieces) blocks.give(piece)
})

test('memory that the disk cannot be written from goes by the page cache', async () => {
  const bytes = randomBytes(3 * 4096)
  const odd = new Uint8Array(new SharedArrayBuffer(4 * 4096), 1, 3 * 4096)
  odd.set(bytes)
  const part = diskFile(await open(path, 'w+'))
  await part.write(0, [odd], true)
  await part.write(3 * 4096, [odd], true)
  await part.sync()
  await part.close()
  expect((await readFile(path)).equals(Buffer.concat([bytes, bytes]))).toBe(true)
})

test('what the disk refuses is an error, whichever way', async () => {
  const block = filled(randomBytes(blockBytes))
  await (await open(path, 'w')).close()
  const part = diskFile(await open(path, 'r'))
  for (const direct of [false, true]) {
    await expect(part.write(2 ** 53 - blockBytes, [block], direct)).rejects.toThrow(/EFBIG|EBADF/)
  }
  await part.close()
  blocks.give(block)
})
