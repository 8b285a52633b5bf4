import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../../start-cloud.js'
import { call, login } from '../../testing/sign-in.js'

let cloud: EmbeddedCloud
let token: string
let base: string
const swift = (method: string, path: string, data?: string, headers?: Record<string, string>) =>
  call(method, base + path, { token, data, headers: { accept: '*/*', ...headers } })
const put = (path: string, manifest: unknown) =>
  swift('PUT', `${path}?multipart-manifest=put`, typeof manifest === 'string' ? manifest : JSON.stringify(manifest))
/** Whether another request completes before this one. */
async function overtakes(slow: Promise<unknown>): Promise<boolean> {
  let isDone = false
  void slow.then(() => (isDone = true))
  await swift('HEAD', '/c')
  return !isDone
}

beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  const mine = await login(cloud.authUrl, 'demo')
  token = mine.token
  base = `${cloud.objectStoreUrl}/AUTH_${mine.projectId}`
  await swift('PUT', '/c')
  await swift('PUT', '/c/a', 'x')
})
afterAll(() => cloud.close())

describe('paths of segments', () => {
  test.each([
    ['x' + '/'.repeat(200_000) + 'x', /"path" is longer than 8192/],
    ['x' + '/'.repeat(8000) + 'x', /404 Not Found/],
    ['/'.repeat(8000), /does not refer to an object/],
    ['x' + '/'.repeat(8000), /does not refer to an object/],
    ['/'.repeat(4000) + 'x' + '/'.repeat(4000), /does not refer to an object/],
    ['//c/a//', /404 Not Found/],
    ['c', /does not refer to an object/],
  ])('%#: with many slashes are read in one go', async (path, problem) => {
    const { status, text } = await put('/c/slo', [{ path }])
    expect([status, problem.test(text)]).toEqual([400, true])
  })

  test('may begin with any number of slashes', async () => {
    expect((await put('/c/slo', [{ path: '///c/a' }])).status).toBe(201)
  })
})

describe('a manifest of very many values', () => {
  test.each([
    '[' + '1,'.repeat(1_000_000) + '1]',
    '['.repeat(200_000) + ']'.repeat(200_000),
    '[' + '{"data":"QQ=="},'.repeat(400_000) + '{"path":"/c/a"}]',
    '{"a":'.repeat(200_000),
  ])('%#: is 400 before it is parsed', async (body) => {
    const { status, text } = await put('/c/slo', body)
    expect([status, text]).toEqual([400, 'Manifest has more than 100000 values.\n'])
  })

  test('has its first thousand problems told', async () => {
    const { status, text } = await put('/c/slo', '[' + '1,'.repeat(50_000) + '1]')
    expect([status, text.split('\n').length]).toEqual([400, 1001])
    const long = await put('/c/slo', [{ path: 'c/a', ['k'.repeat(100_000)]: 1 }])
    expect([long.status, long.text.length < 2000]).toEqual([400, true])
  })

  test('of 20,000 pieces within it is taken, while others are served', async () => {
    const made = put('/c/pieces', '[' + '{"data":"QQ=="},'.repeat(20_000) + '{"path":"/c/a"}]')
    expect(await overtakes(made)).toBe(true)
    expect((await made).status).toBe(201)
    expect((await swift('GET', '/c/pieces')).text).toBe('A'.repeat(20_000) + 'x')
  })
})

test('a segment that stands for many objects is looked up once, and others are served meanwhile', async () => {
  await swift('PUT', '/seg')
  for (let at = 0; at < 400; at += 50)
    await Promise.all(Array.from({ length: 50 }, (_, each) => swift('PUT', `/seg/s${at + each}`, 'x')))
  const dynamic = (name: string, prefix: string) =>
    swift('PUT', `/c/${name}`, '', { 'x-object-manifest': `seg/${prefix}` })
  for (let each = 0; each < 20; each += 1) await dynamic(`d${each}`, 's')
  const manifest = Array.from({ length: 1000 }, (_, index) => ({ path: `/c/d${index % 20}` }))
  const made = put('/c/dlos', manifest)
  expect(await overtakes(made)).toBe(true)
  expect((await made).status).toBe(201)
  expect((await swift('HEAD', '/c/dlos')).headers.get('content-length')).toBe(String(400 * 1000))
  // A static large object cannot be read if one of its segments is a dynamic one.
  expect((await swift('GET', '/c/dlos')).status).toBe(409)
})

test.each([
  { size_bytes: ' '.repeat(1_000_000) + 'x' },
  { size_bytes: '1'.repeat(1_000_000) },
  { range: ','.repeat(90_000) },
  { range: `${'0'.repeat(1_000_000)}-` },
  { range: [1] },
  { range: { a: 1 } },
  { etag: 'e'.repeat(1_000_000) },
])('a manifest with an endless field is 400 (%#)', async (fields) => {
  expect((await put('/c/slo', [{ path: '/c/a', ...fields }])).status).toBe(400)
})

test('manifests that name each other are deleted once', async () => {
  await put('/c/one', [{ path: '/c/a' }])
  await put('/c/two', [{ path: '/c/one' }])
  await put('/c/one', [{ path: '/c/two' }])
  expect((await swift('GET', '/c/one')).status).toBe(409)
  const { status, text } = await swift('DELETE', '/c/one?multipart-manifest=delete')
  expect([status, /Number Deleted: 2\n/.test(text)]).toEqual([200, true])
  expect([(await swift('HEAD', '/c/one')).status, (await swift('HEAD', '/c/two')).status]).toEqual([404, 404])
  expect((await swift('HEAD', '/c/a')).status).toBe(200)
})
