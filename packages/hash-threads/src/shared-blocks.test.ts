import { expect, test } from 'vitest'
import { type Block, blockBytes, createSharedBlocks, type SharedBlocks } from './shared-blocks.js'

function takeAll(blocks: SharedBlocks): Block[] {
  const taken: Block[] = []
  for (let block = blocks.take(); block; block = blocks.take()) taken.push(block)
  return taken
}

test('more users may have more blocks, but not as many times more', () => {
  const counts = [1, 8].map((users) => {
    const blocks = createSharedBlocks()
    for (let user = 0; user < users; user += 1) blocks.join()
    return takeAll(blocks).length
  })
  expect(counts[1]).toBeGreaterThan(counts[0] ?? 0)
  expect(counts[1]).toBeLessThanOrEqual(24)
})

test('blocks do not overlap, begin at an aligned place, and come again', () => {
  const blocks = createSharedBlocks()
  blocks.join()
  const first = takeAll(blocks)
  for (const [index, block] of first.entries()) block.fill(index + 1)
  expect(first.map((block) => [block.byteLength, block.byteOffset % 4096, block[0], block.at(-1)])).toEqual(
    first.map((_, index) => [blockBytes, 0, index + 1, index + 1]),
  )
  for (const block of first) blocks.give(block)
  blocks.leave()
  blocks.join()
  expect(new Set(takeAll(blocks))).toEqual(new Set(first))
})

test('of many that were in use, few are kept once nobody needs them', () => {
  const blocks = createSharedBlocks()
  for (let user = 0; user < 20; user += 1) blocks.join()
  const many = takeAll(blocks)
  for (let user = 0; user < 20; user += 1) blocks.leave()
  for (const block of many) blocks.give(block)
  blocks.join()
  const again = takeAll(blocks)
  expect(again.filter((block) => many.includes(block))).toEqual([])
  expect(again.length).toBeLessThan(many.length)
})

test('who waits is woken when a block comes back', async () => {
  const blocks = createSharedBlocks()
  blocks.join()
  const [block] = takeAll(blocks)
  const woken = blocks.wait().then(() => blocks.take())
  if (block) blocks.give(block)
  expect(await woken).toBe(block)
})

test('beyond what one WebAssembly memory holds there is other memory', () => {
  const blocks = createSharedBlocks()
  for (let user = 0; user < 520; user += 1) blocks.join()
  const all = takeAll(blocks)
  expect(all.length).toBeGreaterThan(1024)
  const last = all.at(-1)
  expect(last?.buffer).not.toBe(all[0]?.buffer)
  expect(last?.byteLength).toBe(blockBytes)
  last?.fill(7)
  expect(all.at(-2)?.[0]).toBe(0)
})
