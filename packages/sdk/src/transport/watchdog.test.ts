import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWatchdog } from './watchdog.js'

/** Only the timers of the test: the test runner has its own. */
const timers = () => vi.getTimerCount()
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('a watchdog that was stopped starts no timer, however often it is armed', () => {
  const before = timers()
  const watchdog = createWatchdog(() => undefined)
  watchdog.arm('idle', 60_000, 'nothing has come')
  expect(timers()).toBe(before + 1)
  watchdog.stop()
  watchdog.arm('idle', 60_000, 'nothing has come')
  watchdog.arm('headers', 60_000, 'nothing has come', async () => 1)
  expect(timers()).toBe(before)
})

test('a watchdog that is stopped while it looks at a sample starts no timer', async () => {
  const before = timers()
  let answer: (value: number) => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    const watchdog = createWatchdog(() => undefined)
    watchdog.arm('idle', 2, 'nothing has come', () => {
      watchdog.stop()
      resolve()
      return new Promise((found) => (answer = found))
    })
  })
  await vi.advanceTimersByTimeAsync(10)
  await asked
  answer(1)
  await new Promise((resolve) => setImmediate(resolve))
  expect(timers()).toBe(before)
})

test('a watchdog at rest holds no timer, and can be armed again', () => {
  const before = timers()
  const watchdog = createWatchdog(() => undefined)
  watchdog.arm('headers', 60_000, 'nothing has come')
  watchdog.rest()
  expect(timers()).toBe(before)
  watchdog.arm('idle', 60_000, 'nothing has come')
  expect(timers()).toBe(before + 1)
  watchdog.stop()
  expect(timers()).toBe(before)
})

test('time in which this process itself was suspended does not count as silence of the peer', async () => {
  vi.useRealTimers()
  const errors: Error[] = []
  const watchdog = createWatchdog((error) => errors.push(error))
  watchdog.arm('idle', 1000, 'nothing has come')
  const end = performance.now() + 1500
  while (performance.now() < end);
  // The timer is due; data that the peer has sent meanwhile is read in the same turn of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 1))
  await new Promise((resolve) => setImmediate(resolve))
  expect(errors).toEqual([])
  await expect.poll(() => errors).toMatchObject([{ name: 'TimeoutError', limit: 'idle' }])
})
