import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'
import { waitForTasks } from '../testing/wait-for-task.js'

let cloud: ImageCloud
let web: string
const server = createServer((request, response) => {
  if (request.url === '/image') response.end('bytes of the web')
  else response.writeHead(404).end()
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  cloud = await startImageCloud({ importFilter: { allowedHosts: ['127.0.0.1'], allowedPorts: [] } })
})
afterAll(async () => {
  await cloud.close()
  server.close()
})

const list = async (query = '') => (await cloud.admin.call('GET', `/v2/tasks${query}`)).body
const ids = (page: Record<string, unknown>) => (page['tasks'] as { id: string }[]).map(({ id }) => id)

async function importOne(): Promise<string> {
  const id = await cloud.demo.create()
  const headers = { 'content-type': 'application/octet-stream' }
  await cloud.demo.call('PUT', `/v2/images/${id}/stage`, { data: 'x', headers })
  await cloud.demo.call('POST', `/v2/images/${id}/import`, { json: { method: { name: 'glance-direct' } } })
  const [task] = await waitForTasks(cloud, id)
  return String(task?.['id'])
}

async function ended(id: string): Promise<Record<string, unknown>> {
  const read = async () => (await cloud.admin.call('GET', `/v2/tasks/${id}`)).body
  await expect.poll(async () => (await read())['status'], { timeout: 30_000 }).toMatch(/^(success|failure)$/)
  return read()
}

test('an admin sees the tasks of all projects in pages, the newest first, and one with all that is known of it', async () => {
  const made = [await importOne(), await importOne(), await importOne()].toReversed()
  const all = await list()
  expect(ids(all).slice(0, 3)).toEqual(made)
  expect(all).toMatchObject({ first: '/v2/tasks', schema: '/v2/schemas/tasks' })
  const first = await list('?limit=2')
  expect(ids(first)).toEqual(made.slice(0, 2))
  expect(first['next']).toBe(`/v2/tasks?limit=2&marker=${made[1]}`)
  expect(ids(await list(`?limit=2&marker=${made[1]}`))[0]).toBe(made[2])
  expect(ids(await list('?sort_dir=asc&sort_key=created_at')).slice(-3)).toEqual(made.toReversed())
  expect(ids(await list('?sort_key=status&limit=1000')).length).toBe(ids(all).length)
  expect(ids(await list('?status=failure'))).toEqual([])
  expect(ids(await list('?limit=0'))).toEqual([])
  const [stub] = all['tasks'] as Record<string, unknown>[]
  expect(stub).not.toHaveProperty('message')
  const { body } = await cloud.admin.call('GET', `/v2/tasks/${made[0]}`)
  expect(body).toMatchObject({
    ...stub,
    message: 'Copied 0 MiB',
    user_id: expect.any(String),
    image_id: expect.any(String),
  })
  expect(body['expires_at']).toMatch(/^[-\d]{10}T[:\d]{8}Z$/)
})

test.each([
  ['limit=x', 'limit param must be an integer'],
  ['limit=-1', 'limit param must be positive'],
  ['status=done', 'Invalid status value: done'],
  ['type=api_image_import', 'Invalid type value: api_image_import'],
  ['sort_dir=up', 'Invalid sort direction: up'],
  ['sort_key=message', 'Sort key supplied was not valid.'],
  ['marker=x', 'Invalid marker format'],
  ['marker=11111111-1111-1111-1111-111111111111', 'was not found'],
])('a list with %s is 400', async (query, text) => {
  const response = await cloud.admin.call('GET', `/v2/tasks?${query}`)
  expect([response.status, response.text]).toEqual([400, expect.stringContaining(text)])
})

test('users other than admins may neither read nor write tasks, and no user can delete one', async () => {
  for (const [method, path] of [
    ['GET', ''],
    ['POST', ''],
    ['GET', '/x'],
    ['DELETE', '/x'],
  ] as const) {
    const { status, text } = await cloud.demo.call(method, `/v2/tasks${path}`)
    expect([status, text]).toEqual([403, expect.stringContaining('tasks_api_access action.')])
  }
  const deleted = await cloud.admin.call('DELETE', '/v2/tasks/x')
  expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET'])
  const missing = await cloud.admin.call('GET', '/v2/tasks/x')
  expect([missing.status, missing.text]).toEqual([404, expect.stringContaining('Could not find task x')])
})

test('a task of type import creates an image from a URL', async () => {
  const input = {
    import_from: `${web}/image`,
    import_from_format: 'raw',
    image_properties: { name: 'legacy', disk_format: 'raw', container_format: 'bare', os_type: 'linux' },
  }
  const made = await cloud.admin.call('POST', '/v2/tasks', { json: { type: 'import', input } })
  expect([made.status, made.headers.get('location')]).toEqual([201, `/v2/tasks/${String(made.body['id'])}`])
  expect(made.body).toMatchObject({ type: 'import', status: 'pending', input, result: null, message: '' })
  const task = await ended(String(made.body['id']))
  expect(task).toMatchObject({ status: 'success', result: { image_id: expect.any(String) as string } })
  const { image_id } = task['result'] as { image_id: string }
  expect(await cloud.admin.read(image_id)).toMatchObject({
    name: 'legacy',
    status: 'active',
    size: 16,
    os_type: 'linux',
  })
  expect(ids(await list('?type=import'))).toEqual([made.body['id']])
})

test('a task of type import that fails leaves no image', async () => {
  const count = async () =>
    ((await cloud.admin.call('GET', '/v2/images?limit=1000')).body['images'] as unknown[]).length
  const before = await count()
  const run = async (input: Record<string, unknown>, type = 'import') =>
    ended(String((await cloud.admin.call('POST', '/v2/tasks', { json: { type, input } })).body['id']))
  const formats = { disk_format: 'raw', container_format: 'bare' }
  const from = { import_from: `${web}/image`, import_from_format: 'raw' }
  const failures: [Record<string, unknown>, string][] = [
    [{ ...from, import_from: `${web}/nothing`, image_properties: formats }, 'HTTP 404'],
    [{ ...from, image_properties: { ...formats, disk_format: 'qcow2' } }, 'does not match'],
    [{ ...from, image_properties: {} }, `image_properties needs 'disk_format'`],
    [{ import_from: `${web}/image` }, `Input does not contain 'import_from_format' field`],
  ]
  for (const [input, message] of failures) {
    const expected = { status: 'failure', result: null, message: expect.stringContaining(message) as string }
    expect(await run(input)).toMatchObject(expected)
  }
  expect(await run({}, 'api_image_import')).toMatchObject({ status: 'failure' })
  expect(await count()).toBe(before)
})

test.each([
  [{}, `Task 'type' is required`],
  [{ type: 'import' }, `Task 'input' is required`],
  [{ type: 'export', input: {} }, `'export' is not one of ['import', 'api_image_import', 'location_import']`],
  [{ type: 'import', input: null }, 'Invalid location: None'],
  [{ type: 'import', input: 'x' }, `'x' is not of type 'null', 'object'`],
  [{ type: 'import', input: {}, extra: 1 }, `('extra' was unexpected)`],
  [{ type: 'import', input: { import_from: 'file:///x' } }, 'File based imports are not allowed.'],
  [{ type: 'import', input: { import_from: 'swift://x' } }, 'The given uri is not valid.'],
  [
    { type: 'import', input: { import_from: 'http://does-not-exist.invalid/x' } },
    'URI for legacy import task does not pass filtering: http://does-not-exist.invalid/x',
  ],
])('a new task of %j is 400', async (json, text) => {
  const response = await cloud.admin.call('POST', '/v2/tasks', { json })
  expect([response.status, response.text]).toEqual([400, expect.stringContaining(text)])
})
