import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { oneCloud } from '../testing/one-cloud.js'

const { home, tyrax } = await oneCloud({ image: { cache: { maxSizeBytes: 0 } } })
beforeAll(async () => {
  await writeFile(path.join(home, 'u.raw'), 'some data')
})

const as = (user: string) => (argv: readonly string[]) => tyrax(argv, { env: { OS_CLOUD: user } })
const admin = as('admin')

const states = async () =>
  JSON.parse((await admin(['cache', 'list', '-f', 'json'])).stdout) as { image_id: string; state: string }[]

test('images are queued by name, listed with what they are, and removed', async () => {
  const make = (name: string) =>
    admin(['create', name, '--file', 'u.raw', '--disk-format', 'raw', '--force', '-f', 'id'])
  const made = await make('one')
  expect(made.exitCode).toBe(0)
  const id = made.stdout.trim()
  const queued = await admin(['cache', 'queue', 'one'])
  expect([queued.exitCode, queued.stdout, queued.stderr]).toEqual([0, '', `queued ${id} one\n`])
  await expect.poll(states, { timeout: 30_000 }).toMatchObject([{ image_id: id, state: 'cached', size: 9, hits: 0 }])
  const table = await admin(['cache', 'list'])
  expect(table.stdout).toMatch(/Image ID .*State .*Size .*Hits .*Last Accessed/)
  expect((await admin(['cache', 'rm', 'one'])).exitCode).toBe(0)
  expect(await states()).toEqual([])
  await admin(['cache', 'queue', 'one'])
  await expect.poll(states, { timeout: 30_000 }).toMatchObject([{ state: 'cached' }])
  expect((await admin(['cache', 'clear', '--queue'])).exitCode).toBe(0)
  const pruned = await admin(['cache', 'prune', '-f', 'json'])
  expect(JSON.parse(pruned.stdout)).toEqual({ files: 1, bytes: 9 })
  expect((await admin(['cache', 'clear'])).stderr).toBe('cleared the cache and its queue\n')
  expect((await admin(['cache', 'clean'])).exitCode).toBe(0)
})

test('what cannot be done says why', async () => {
  await admin(['create', 'empty'])
  const refused = await admin(['cache', 'queue', 'empty'])
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('status active')])
  expect((await admin(['cache', 'queue', 'nothing'])).exitCode).toBe(3)
  expect((await admin(['cache', 'rm', '11111111-1111-4111-8111-111111111111'])).exitCode).toBe(3)
  expect((await as('demo')(['cache', 'list'])).stderr).toContain('cache_list')
  expect((await admin(['cache', 'clear', '--cache', '--queue'])).exitCode).toBe(2)
})

test('usage and schemas are printed', async () => {
  const usage = await admin(['usage', '-f', 'json'])
  expect(JSON.parse(usage.stdout)).toBeInstanceOf(Array)
  const schema = await admin(['schema', 'show', 'image', '-f', 'json'])
  expect(JSON.parse(schema.stdout)).toMatchObject({ name: 'image', properties: { disk_format: {} } })
  const namespace = await admin(['schema', 'show', 'metadefs/namespace', '-f', 'json'])
  expect(JSON.parse(namespace.stdout)).toMatchObject({ name: 'namespace' })
  const wrong = await admin(['schema', 'show', 'imag'])
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('did you mean image')])
})
