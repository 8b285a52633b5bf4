import { expect, test } from 'vitest'
import { PollClock } from './poll-clock.js'

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length

test('a thousand pauses cost one timer', async () => {
  const clock = new PollClock()
  const before = timers()
  const pauses = Array.from({ length: 1000 }, (_, index) => clock.sleep((index * 37) % 100, undefined))
  // The test runner has timers of its own.
  expect(timers() - before).toBeLessThan(5)
  await Promise.all(pauses)
})

test('a pause ends with its signal, and the others go on', async () => {
  const clock = new PollClock()
  const control = new AbortController()
  const stopped = clock.sleep(60_000, control.signal)
  const other = clock.sleep(20, undefined)
  control.abort()
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
  await other
  await expect(clock.sleep(1, control.signal)).rejects.toMatchObject({ name: 'AbortError' })
})

test('alarms ring in their order', async () => {
  const clock = new PollClock()
  const rung: number[] = []
  for (const ms of [30, 10, 50, 20, 40]) clock.alarm(ms, () => rung.push(ms))
  await clock.sleep(60, undefined)
  expect(rung).toEqual([10, 20, 30, 40, 50])
})

test('a cancelled alarm does not ring', async () => {
  const clock = new PollClock()
  const rung: string[] = []
  const cancel = clock.alarm(1, () => rung.push('cancelled'))
  clock.alarm(2, () => rung.push('kept'))
  cancel()
  cancel()
  await clock.sleep(10, undefined)
  expect(rung).toEqual(['kept'])
})

test('at most sixteen requests run at once, whether they fail or not', async () => {
  const clock = new PollClock()
  let running = 0
  let most = 0
  const all = Array.from({ length: 100 }, (_, index) =>
    clock
      .turn(async () => {
        running += 1
        most = Math.max(most, running)
        await clock.sleep(1, undefined)
        running -= 1
        if (index % 3 === 0) throw new Error('no')
      }, undefined)
      .catch(() => undefined),
  )
  await Promise.all(all)
  expect([most, running]).toEqual([16, 0])
})
