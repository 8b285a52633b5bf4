import { expect, test } from 'vitest'
import { createSlotPool, createSlots } from './slots.js'

async function takeAll(slots: ReturnType<typeof createSlots>, count: number) {
  return Promise.all(Array.from({ length: count }, () => slots.take()))
}

const bytes = Buffer.from('ten bytes.')

test('uploads one after the other fill the same memory', async () => {
  const pool = createSlotPool()
  const seen = new Set<unknown>()
  for (let upload = 0; upload < 20; upload += 1) {
    const slots = createSlots(pool)
    for (const slot of await takeAll(slots, 6)) {
      expect(slot.length()).toBe(0)
      slot.fill(bytes, 0)
      seen.add(slot)
    }
    slots.end()
  }
  expect(seen.size).toBe(6)
})

test('of many uploads at once each has two, and waits for one of its own beyond', async () => {
  const pool = createSlotPool()
  const alone = createSlots(pool)
  const six = await takeAll(alone, 6)
  const more = Array.from({ length: 7 }, () => createSlots(pool))
  for (const slots of more) {
    const [first] = await takeAll(slots, 2)
    if (!first) throw new Error('no slot')
    slots.release(first, [new Promise((resolve) => setTimeout(resolve, 1))], () => undefined)
    expect(await slots.take()).toBe(first)
  }
  expect(new Set(six).size).toBe(6)
})
