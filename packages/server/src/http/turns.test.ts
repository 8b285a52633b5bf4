import { expect, test } from 'vitest'
import { takeTurn } from './turns.js'

/** Blocks the process for that number of milliseconds. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

test('long work lets what waits in, between any two steps that use up a turn', async () => {
  let others = 0
  const timer = setInterval(() => (others += 1), 0)
  const seen: number[] = []
  for (let step = 0; step < 5; step += 1) {
    await takeTurn()
    seen.push(others)
    work(15)
  }
  clearInterval(timer)
  expect(new Set(seen).size).toBeGreaterThanOrEqual(4)
})

test('those that wait go on in the order in which they came, one in a turn', async () => {
  const order: string[] = []
  let turn = 0
  const count = () => {
    turn += 1
    if (order.length < 6) setImmediate(count)
  }
  setImmediate(count)
  const turns: number[] = []
  const run = async (name: string) => {
    for (let step = 0; step < 2; step += 1) {
      await takeTurn()
      order.push(name)
      turns.push(turn)
      work(12)
    }
  }
  await Promise.all([run('a'), run('b'), run('c')])
  expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  expect(new Set(turns.slice(3)).size).toBe(3)
})
