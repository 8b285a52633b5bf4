import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCloud } from '@tyrax/server'
import { randomDisk } from '@tyrax/testkit'
import type { Ran } from '../testing/command-line.js'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

let cloud: Awaited<ReturnType<typeof startCloud>>
let home: string
let web: string
let cloudsYaml: string
let count = 0
const data = randomDisk(300_000)
const server = createServer((request, response) => {
  if (request.url === '/disk.raw') response.setHeader('content-length', data.length).end(data)
  else response.writeHead(404).end()
})

beforeAll(async () => {
  cloud = await startCloud({
    port: 0,
    config: {
      projects: ['demo', 'admin'],
      users: [
        { name: 'demo', password: 'secret', project: 'demo', roles: ['member'] },
        { name: 'admin', password: 'secret', project: 'admin', roles: ['admin'] },
      ],
      image: {
        stores: [{ id: 'cheap' }, { id: 'fast', default: true }, { id: 'frozen', readOnly: true }],
        importFilter: { allowedHosts: ['127.0.0.1'], allowedPorts: [] },
      },
    },
  })
  home = await makeHome()
  cloudsYaml = path.join(home, 'clouds.yaml')
  await writeFile(cloudsYaml, cloud.cloudsYaml, { mode: 0o600 })
  await writeFile(path.join(home, 'disk.raw'), data)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await cloud.close()
})

const as = (user: string, ...argv: string[]) =>
  run(home, argv, { env: { OS_CLIENT_CONFIG_FILE: cloudsYaml, OS_CLOUD: user } })
const tyrax = (...argv: string[]) => as('demo', ...argv)
const json = (ran: Ran, exitCode = 0) => {
  expect(ran).toMatchObject({ exitCode })
  return JSON.parse(ran.stdout) as Record<string, unknown>
}
const queued = async () => {
  const name = `image-${(count += 1)}`
  json(await tyrax('create', name, '-f', 'json'))
  return name
}

test('import takes an address, says the way, and wait follows it', async () => {
  const name = await queued()
  const columns = ['-c', 'via', '-c', 'method', '-c', 'disk_format', '-f', 'value']
  const started = await tyrax('import', name, '--uri', `${web}/disk.raw`, ...columns)
  expect(started).toMatchObject({ exitCode: 0, stdout: 'web\nweb-download\nraw\n' })
  expect(started.stderr).toMatch(/web: the cloud downloads from addresses/)
  expect(started.stderr).toMatch(/to follow: tyrax wait/)
  const waited = await tyrax('wait', name, '--timeout', '1m', '-f', 'json')
  expect(json(waited)).toMatchObject({ status: 'active', size: data.length })
})

test('what was staged is imported into every store that takes data', async () => {
  const name = await queued()
  const staged = await tyrax('stage', name, '--file', 'disk.raw', '-f', 'json')
  expect(json(staged)).toMatchObject({ status: 'uploading', size: data.length })
  const imported = await tyrax('import', name, '--method', 'glance-direct', '--all-stores', '--wait', '-f', 'json')
  expect(json(imported)).toMatchObject({ status: 'active', store_results: { cheap: 'success', fast: 'success' } })
  const tasks = await tyrax('task', 'list', name, '-f', 'json')
  const [task] = JSON.parse(tasks.stdout) as [{ id: string }]
  expect(task).toMatchObject({ type: 'api_image_import', status: 'success' })
  const { id } = task
  expect(json(await tyrax('task', 'show', id, '--image', name, '-f', 'json'))).toMatchObject({ id, status: 'success' })
  expect(json(await as('admin', 'task', 'show', id, '-f', 'json'))).toMatchObject({ id, status: 'success' })
  const denied = await tyrax('task', 'show', id)
  expect(denied).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('--image') as string })
  expect(await tyrax('store', 'rm', name, '--store', 'cheap')).toMatchObject({ exitCode: 4 })
  expect(await as('admin', 'store', 'rm', name, '--store', 'cheap')).toMatchObject({ exitCode: 0 })
  expect(json(await tyrax('show', name, '-f', 'json'))).toMatchObject({ stores: 'fast' })
})

test('a store that fails makes a partial success, or a failure with its reason', async () => {
  const partial = await queued()
  const stores = ['--store', 'fast', '--store', 'frozen', '--wait', '-f', 'json']
  const some = await tyrax('import', partial, '--file', 'disk.raw', ...stores, '--allow-partial')
  expect(json(some, 9)).toMatchObject({ status: 'active', store_results: { fast: 'success', frozen: 'failure' } })
  expect(some.stderr).toMatch(/failed for frozen/)
  expect(await tyrax('wait', partial)).toMatchObject({ exitCode: 9 })
  const failing = await queued()
  const none = await tyrax('import', failing, '--file', 'disk.raw', ...stores)
  expect(none).toMatchObject({ exitCode: 1, stdout: '' })
  expect(none.stderr).toMatch(/ImportFailedError|went back to queued/)
  expect(await tyrax('wait', failing)).toMatchObject({ exitCode: 1 })
})

test('a page that is missing is refused before anything is changed', async () => {
  const name = await queued()
  const refused = await tyrax('import', name, '--uri', `${web}/missing`, '--wait')
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('returned 404') as string })
  expect(json(await tyrax('show', name, '-f', 'json'))).toMatchObject({ status: 'queued', disk_format: null })
})

test('wait ends at its time limit with the last state', async () => {
  const name = await queued()
  const waited = await tyrax('wait', name, '--timeout', '200ms')
  expect(waited).toMatchObject({ exitCode: 8, stderr: expect.stringContaining('it is queued') as string })
  expect(await tyrax('wait', name, '--for', 'queued', '-f', 'id')).toMatchObject({ exitCode: 0 })
  expect(await tyrax('wait', name, '--for', 'actve')).toMatchObject({ exitCode: 2 })
})

test('stores are listed and shown, with what administrators see', async () => {
  const listed = await tyrax('store', 'list', '-f', 'json')
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { id: 'cheap', default: false, read_only: false },
    { id: 'fast', default: true },
    { id: 'frozen', read_only: true },
  ])
  expect(json(await as('admin', 'store', 'show', 'fast', '-f', 'json'))).toMatchObject({ id: 'fast', type: 'file' })
  expect(json(await tyrax('store', 'show', 'fast', '-f', 'json'))).not.toHaveProperty('type')
  expect(await tyrax('store', 'list', '--detail')).toMatchObject({ exitCode: 4 })
  const typo = await tyrax('store', 'show', 'fats')
  expect(typo).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('did you mean fast') as string })
})

test('a store that the cloud does not have is refused before anything is sent', async () => {
  const name = await queued()
  const refused = await tyrax('import', name, '--file', 'disk.raw', '--store', 'fats')
  expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('did you mean fast') as string })
  expect(json(await tyrax('show', name, '-f', 'json'))).toMatchObject({ status: 'queued', disk_format: null })
})

test('an image is copied to another store by an administrator', async () => {
  const { id } = json(await tyrax('create', 'copied', '--file', 'disk.raw', '-f', 'json'))
  const copy = ['import', String(id), '--method', 'copy-image', '--store', 'cheap', '--wait', '-f', 'json']
  expect(await tyrax(...copy)).toMatchObject({ exitCode: 4 })
  expect(json(await as('admin', ...copy))).toMatchObject({ store_results: { cheap: 'success', fast: 'success' } })
})

test('a deactivated image is not downloaded until it is reactivated', async () => {
  await tyrax('create', 'blocked', '--file', 'disk.raw')
  const { id } = json(await tyrax('show', 'blocked', '-f', 'json'))
  expect(await as('admin', 'deactivate', String(id))).toMatchObject({ exitCode: 0 })
  expect(await tyrax('download', 'blocked', '--output', 'no.raw')).toMatchObject({ exitCode: 5 })
  expect(await as('admin', 'reactivate', String(id))).toMatchObject({ exitCode: 0 })
  expect(await tyrax('download', 'blocked', '--output', 'yes.raw')).toMatchObject({ exitCode: 0 })
})

test.each([
  [['import', 'x'], 'what to import'],
  [['import', 'x', '--uri', 'http://h/x', '--file', 'y'], 'not both'],
  [['import', 'x', '--file', 'y', '--store', 'a', '--all-stores'], 'not both'],
  [['import', 'x', '--file', 'y', '--allow-partial'], 'several stores'],
  [['import', 'x', '--file', 'y', '--timeout', '1m'], '--wait'],
  [['import', 'x', '--file', 'y', '--region', 'one'], 'glance-download'],
  [['import', 'x', '--uri', 'http://h/x', '--via', 'webb'], 'webb'],
  [['stage', 'x'], '--file'],
  [['store', 'rm', 'x'], '--store'],
  [['location', 'add', 'x'], '--url'],
  [['location', 'add', 'x', '--url', 'http://h/x', '--hash', 'abc'], 'ALGORITHM:HEX'],
  [['location', 'rm', 'x'], '--url'],
])('%j is a mistake of usage', async (argv, text) => {
  expect(await tyrax(...argv)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(text) as string })
})
