import { expect, test } from 'vitest'
import { createBudget, createRateLimit } from './transfer-limits.js'
import { withDeadline } from './deadline.js'
import { throttled } from './transfer-limits.js'

async function* bytes(size: number) {
  yield new Uint8Array(size)
}

async function sizes(data: AsyncIterable<Uint8Array>): Promise<number[]> {
  const all: number[] = []
  for await (const piece of data) all.push(piece.byteLength)
  return all
}

test('a limited transfer is cut into pieces that keep moving, and all of it arrives', async () => {
  const pieces = await sizes(throttled(bytes(1050), [createRateLimit(1000)]))
  expect(pieces.reduce((sum, size) => sum + size)).toBe(1050)
  expect(Math.max(...pieces)).toBe(100)
})

test('transfers that share a limit take turns: none gets far ahead of the other', async () => {
  const limit = createRateLimit(20_000)
  let lead = 0
  let apart = 0
  const move = async (direction: 1 | -1) => {
    for await (const piece of throttled(bytes(6000), [limit])) {
      lead += direction * piece.byteLength
      apart = Math.max(apart, Math.abs(lead))
    }
  }
  await Promise.all([move(1), move(-1)])
  expect(apart).toBeLessThanOrEqual(2000)
})

test('a transfer that waits for its share ends at once when it is aborted', async () => {
  const stop = new AbortController()
  const limit = createRateLimit(1)
  const waiting = sizes(throttled(bytes(100_000), [limit], stop.signal))
  stop.abort()
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
})

test('no more transfers move at once than may, those aborted while waiting never begin, and every turn is given back', async () => {
  const budget = createBudget({ maxConcurrent: 2 })
  let busy = 0
  let most = 0
  const transfer = async () => {
    busy += 1
    most = Math.max(most, busy)
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
    busy -= 1
    if (most < 0) throw new Error('never')
    return 'done'
  }
  const stop = new AbortController()
  const running = Array.from({ length: 6 }, () => budget.turn(transfer))
  const aborted = budget.turn(() => Promise.reject(new Error('began')), stop.signal)
  stop.abort()
  await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
  expect(await Promise.all(running)).toEqual(Array.from({ length: 6 }, () => 'done'))
  await expect(budget.turn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await budget.turn(transfer)).toBe('done')
  expect(most).toBe(2)
})

test.each([
  [{ maxBytesPerSecond: 0 }, 'transfers.maxBytesPerSecond'],
  [{ maxBytesPerSecond: Number.NaN }, 'transfers.maxBytesPerSecond'],
  [{ maxConcurrent: 0 }, 'transfers.maxConcurrent'],
  [{ maxConcurrent: 1.5 }, 'transfers.maxConcurrent'],
])('%o is refused by name', (limits, name) => {
  expect(() => createBudget(limits)).toThrow(name)
})

test('a deadline ends the call with its own error, and a call in time is left alone', async () => {
  const forever = (signal: AbortSignal | undefined) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  await expect(withDeadline(20, undefined, forever)).rejects.toMatchObject({ name: 'TimeoutError', limit: 'deadline' })
  expect(await withDeadline(10_000, undefined, async () => 7)).toBe(7)
  await expect(withDeadline(0, undefined, async () => 7)).rejects.toMatchObject({ name: 'UsageError' })
})
