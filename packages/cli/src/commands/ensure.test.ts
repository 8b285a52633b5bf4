import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import { twoClouds } from '../testing/two-clouds.js'

let clouds: Awaited<ReturnType<typeof twoClouds>>
beforeAll(async () => {
  clouds = await twoClouds()
  for (const name of ['one', 'two']) await writeFile(path.join(clouds.home, name), randomDisk(100_000))
})
afterAll(() => clouds[Symbol.asyncDispose]())

const tyrax = (line: string) => clouds.tyrax(line.split(' '))
const ensure = async (line: string) => (await clouds.json('ensure', ...line.split(' '))) as Record<string, unknown>

test('it says whether the image was created, is unchanged, was updated or replaced', async () => {
  const created = await ensure('debian --file one')
  expect(created).toMatchObject({ outcome: 'created', name: 'debian', verdict: 'verified', bytes: 100_000 })
  expect(await ensure('debian --file one')).toMatchObject({ outcome: 'unchanged', id: created['id'], bytes: 0 })
  expect(await ensure('debian --file one --tag lts --dry-run')).toMatchObject({ outcome: 'updated', id: created['id'] })
  expect(await ensure('debian --file one --tag lts')).toMatchObject({ outcome: 'updated', tags: ['lts'] })
  expect(await ensure('debian --file two')).toMatchObject({
    outcome: 'replaced',
    replaced: [{ id: created['id'], outcome: 'hidden' }],
  })
  expect((await tyrax('list --name debian -f id')).stdout.trim().split('\n')).toHaveLength(1)
})

test('a replaced image that cannot be deleted is a partial success', async () => {
  await ensure('kept --file one --protected')
  const { exitCode, stdout, stderr } = await tyrax('ensure kept --file two --replace delete -f json')
  expect(exitCode).toBe(9)
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'replaced', replaced: [{ outcome: 'kept' }] })
  expect(stderr).toContain('it is protected')
})

test('without data, and with an option that does not fit, nothing is done', async () => {
  expect(await tyrax('ensure x')).toMatchObject({ exitCode: 2, stdout: '' })
  const wrong = await tyrax('ensure x --file one --replace delete --keep 2')
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--keep counts hidden images') })
  expect((await tyrax('list --name x -f json')).stdout).toBe('[]\n')
})

test('a file that is copied under a name that is taken is compared first', async () => {
  await tyrax('ensure taken --file one')
  expect(await clouds.json('copy', 'file:one', 'taken')).toMatchObject({ outcome: 'unchanged', bytes: 0 })
  const refused = await tyrax('copy file:two taken')
  expect(refused).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('with other data') })
  expect(await clouds.json('copy', 'file:two', 'taken', '--replace', 'delete')).toMatchObject({
    outcome: 'copied',
    replaced: [{ outcome: 'deleted' }],
  })
})
