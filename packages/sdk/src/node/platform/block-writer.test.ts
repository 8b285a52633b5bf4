import { randomBytes } from 'node:crypto'
import { type Block, blockBytes, createSharedBlocks, type SharedBlocks } from '@tyrax/hash-threads'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockWriter } from './block-writer.js'

/** How many blocks can be taken at once: all of them, unless some have leaked. */
function countFree(blocks: SharedBlocks): number {
  blocks.join()
  const taken: Block[] = []
  for (let block = blocks.take(); block; block = blocks.take()) taken.push(block)
  for (const block of taken) blocks.give(block)
  blocks.leave()
  return taken.length
}

test('chunks of any size become blocks at multiples of their size, in order, and all memory comes back', async () => {
  const bytes = randomBytes(9_000_000)
  const chunks = fc.array(fc.oneof(fc.nat(200_000), fc.nat(2_500_000)), { maxLength: 12 })
  const most = countFree(createSharedBlocks())
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.nat(3_000_000), chunks, async (scheduler, at, sizes) => {
      const blocks = createSharedBlocks()
      const released: Uint8Array[] = []
      const saved = Buffer.alloc(at + bytes.byteLength)
      let end = at
      let isSaving = false
      const save = (start: number, pieces: readonly Block[]) => {
        expect(start).toBe(end)
        expect(isSaving).toBe(false)
        isSaving = true
        for (const [index, piece] of pieces.entries()) {
          expect(index === 0 ? 0 : end % blockBytes).toBe(0)
          expect(piece.byteOffset % 4096).toBe(end % 4096)
          end += piece.byteLength
        }
        const written = async () => {
          await scheduler.schedule(Promise.resolve(), 'written')
          // Until this point the pieces' memory must not change.
          saved.set(Buffer.concat(pieces), start)
          isSaving = false
        }
        return { written: written(), looked: pieces.map(() => scheduler.schedule(Promise.resolve(), 'looked')) }
      }
      const writer = blockWriter({ at, blocks, save, release: (chunk) => released.push(chunk) })
      const sent: Uint8Array[] = []
      const work = async () => {
        for (const size of sizes) {
          const from = sent.reduce((sum, { byteLength }) => sum + byteLength, 0)
          const chunk = Uint8Array.from(bytes.subarray(from, from + size))
          sent.push(chunk)
          await writer.write(chunk)
          expect(released.at(-1)).toBe(chunk)
          // As if the next data was received into it.
          chunk.fill(0)
        }
        await writer.flush()
      }
      await scheduler.waitFor(work())
      await scheduler.waitAll()
      const total = sent.reduce((sum, { byteLength }) => sum + byteLength, 0)
      expect(end).toBe(at + total)
      expect(saved.subarray(at, end).equals(bytes.subarray(0, total))).toBe(true)
      expect(countFree(blocks)).toBe(most)
    }),
    { numRuns: 40 },
  )
})

test('a failure is told with the next chunk and at the end, is the first one, and keeps no memory', async () => {
  const blocks = createSharedBlocks()
  const most = countFree(blocks)
  let saves = 0
  const save = () => {
    saves += 1
    return { written: Promise.reject(new Error(`full ${saves}`)), looked: [] }
  }
  const writer = blockWriter({ at: 0, blocks, save, release: () => undefined })
  const chunk = new Uint8Array(700_000)
  const writeAll = async () => {
    for (let index = 0; index < 40; index += 1) await writer.write(chunk)
  }
  await expect(writeAll()).rejects.toThrow('full 1')
  await expect(writer.flush()).rejects.toThrow('full 1')
  expect(saves).toBe(1)
  expect(countFree(blocks)).toBe(most)
})

test('many writers that stand still hold up none that could go on', async () => {
  const blocks = createSharedBlocks()
  const save = () => ({ written: Promise.resolve(), looked: [] })
  const writers = Array.from({ length: 40 }, () => blockWriter({ at: 0, blocks, save, release: () => undefined }))
  for (const writer of writers) await writer.write(new Uint8Array(1000))
  const busy = blockWriter({ at: 0, blocks, save, release: () => undefined })
  for (let index = 0; index < 100; index += 1) await busy.write(new Uint8Array(500_000))
  await busy.flush()
  for (const writer of writers) await writer.flush()
  expect(blocks.take()).toBeDefined()
})
