import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { readFile, rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { downloadElsewhere } from './child.js'
import { file, scene } from './scene.js'

const bytes = 20_000_000
/** About the time of a complete download, so that some are killed while they finish. */
const longestMs = 500

/** To repeat a failure, set TYRAX_KILL_SEED to its seed. */
const seed = Number(process.env['TYRAX_KILL_SEED'] ?? Date.now() % 1_000_000)

function random(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test(`D17: a download killed at any moment leaves no file or the whole, and the next completes it (seed ${seed})`, async () => {
  await using at = await scene(
    [{ match: file, fault: { type: 'trickle', bytesPerSecond: 60_000_000, direction: 'response' } }],
    bytes,
  )
  const next = random(seed)
  for (let round = 0; round < 20; round += 1) {
    const child = await downloadElsewhere(at, { concurrency: round % 2 === 0 ? 1 : 3 })
    const ended = once(child, 'exit')
    await wait(next() * longestMs)
    child.kill('SIGKILL')
    await ended
    const left = await readFile(at.to).catch(() => undefined)
    expect(left === undefined || left.equals(at.data)).toBe(true)

    const { verdict } = await at.under.direct.images.download(at.id, { to: at.to, overwrite: true })
    expect(verdict).toBe('verified')
    expect(await at.isWhole()).toBe(true)
    expect(await at.files()).toEqual(['d.raw'])
    await rm(at.to)
  }
})

test('D14: a disk that takes no more in the middle is an error of its own, and what came stays', async () => {
  await using at = await scene([], bytes)
  // Limits the size of files that the process may write, in blocks of 512 bytes, so that no disk has to be filled.
  const child = await downloadElsewhere(at, { prepare: 'ulimit -f 10000;' })
  const ended = once(child, 'exit')
  const stderr = (await child.stderr?.toArray())?.join('') ?? ''
  expect((await ended)[0]).toBe(1)
  expect(JSON.parse(stderr)).toMatchObject({
    name: 'TargetError',
    message: expect.stringContaining('cannot be written'),
    hint: expect.stringContaining('again'),
  })
  const { resumedBytes, verdict } = await at.under.direct.images.download(at.id, { to: at.to })
  expect(verdict).toBe('verified')
  expect(resumedBytes).toBeGreaterThan(1_000_000)
  expect(await at.isWhole()).toBe(true)
})
