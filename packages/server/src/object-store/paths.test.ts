import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../start-cloud.js'
import { rawExchange } from '../testing/raw-exchange.js'
import { login } from '../testing/sign-in.js'

let cloud: EmbeddedCloud
let token: string
let account: string
let other: string
const at = (target: string, method = 'GET', headers: string[] = [], body = '') =>
  rawExchange(cloud.url, method, `/object-store${target}`, headers, body)
const swift = (method: string, path: string, headers: string[] = [], body = '') =>
  at(`/v1/${account}${path}`, method, [`X-Auth-Token: ${token}`, ...headers], body)
const text = async (path: string) => (await swift('GET', path)).body.toString()

beforeAll(async () => {
  cloud = await startCloud({
    port: 0,
    config: {
      projects: ['demo', 'other'],
      users: ['demo', 'other'].map((name) => ({ name, password: 'secret', project: name, roles: ['member'] })),
    },
  })
  const mine = await login(cloud.authUrl, 'demo')
  const theirs = await login(cloud.authUrl, 'other')
  token = mine.token
  account = `AUTH_${mine.projectId}`
  other = `AUTH_${theirs.projectId}`
  for (const container of ['/c', '/c2']) await swift('PUT', container)
  await swift('PUT', '/c2/victim', [], 'innocent')
})
afterAll(() => cloud.close())

describe('NUL in a name', () => {
  test.each([
    ['PUT', '/c2/victim%00.txt'],
    ['DELETE', '/c2/victim%00zzz'],
    ['POST', '/c2/victim%00'],
    ['GET', '/c2/victim%00'],
    ['HEAD', '/c2/victim%00'],
    ['PUT', '/c2%00x'],
    ['DELETE', '/c2%00x'],
    ['GET', '%00'],
    ['PUT', '/c2/%ff'],
    ['PUT', '/c2/%ed%a0%80'],
  ])('%s %s is 412, and no other object', async (method, path) => {
    const response = await swift(method, path, [], method === 'PUT' ? 'evil' : '')
    expect(response.status).toBe(412)
    expect(method === 'HEAD' ? '' : response.body.toString()).toBe(
      method === 'HEAD' ? '' : 'Invalid UTF8 or contains NULL',
    )
    expect(await text('/c2/victim')).toBe('innocent')
  })

  test.each([
    ['COPY', '/c2/victim', ['Destination: c2/victim%00']],
    ['PUT', '/c/copy', ['X-Copy-From: c2/victim%00']],
    ['COPY', '/c2/victim', ['Destination: c2/%ff']],
  ])('%s %s with %s is 412', async (method, path, headers) => {
    expect((await swift(method, path, headers)).status).toBe(412)
  })

  test('in the query parts the names where it would stand, as no name has one', async () => {
    await swift('PUT', '/names')
    for (const name of ['a', 'a!', 'b', 'd/x']) await swift('PUT', `/names/${name}`, [], 'x')
    const names = async (query: string) => (await text(`/names?${query}`)).trim().split('\n').join(' ')
    expect(await names('prefix=a%00')).toBe('')
    expect(await names('path=d%00')).toBe('')
    expect(await names('delimiter=%00')).toBe('a a! b d/x')
    expect(await names('marker=a%00zz')).toBe('a! b d/x')
    expect(await names('end_marker=a%00zz')).toBe('a')
    expect(await names('reverse=1&marker=a%00zz')).toBe('a')
    expect(await names('reverse=1&end_marker=a%00zz')).toBe('d/x b a!')
    const bad = await swift('GET', '/names?prefix=%ff')
    expect([bad.status, bad.body.toString()]).toEqual([400, '"prefix" parameter not valid UTF-8'])
  })

  test('in a manifest is an error of that segment', async () => {
    const put = await swift('PUT', '/c/slo?multipart-manifest=put', [], '[{"path":"/c2/victim\\u0000"}]')
    expect([put.status, put.body.toString()]).toEqual([400, 'Errors:\n/c2/victim%00, 412 Precondition Failed\n'])
    const half = await swift('PUT', '/c/slo?multipart-manifest=put', [], '[{"path":"/c2/victim\\ud800"}]')
    expect(half.status).toBe(400)
    expect((await swift('PUT', '/c/dlo', ['X-Object-Manifest: c2/victim%00'])).status).toBe(201)
    expect(await text('/c/dlo')).toBe('')
  })
})

describe('dots are part of a name', () => {
  test.each([
    '/c/../c2/victim',
    '/c/%2e%2e/c2/victim',
    '/c/.%2E/c2/victim',
    '/c/./../c2/victim',
    '/c/x/../../c2/victim',
  ])('PUT %s', async (path) => {
    expect((await swift('PUT', path, [], 'dots')).status).toBe(201)
    expect([await text(path), await text('/c2/victim')]).toEqual(['dots', 'innocent'])
    const name = decodeURIComponent(path.slice('/c/'.length))
    expect((await text('/c')).split('\n')).toContain(name)
    expect((await swift('DELETE', path)).status).toBe(204)
  })

  test.each([
    ['/c/a%2Fb', 'a/b'],
    ['/c%2Fenc', 'enc'],
    ['/c/back\\slash', 'back\\slash'],
    ['/c/ha#sh', 'ha#sh'],
    ['/c/%', '%'],
    ['/c/%zz', '%zz'],
    ['/c/%C3%BC%', 'ü%'],
    ['/c//x', '/x'],
    ['/c/plus+', 'plus+'],
    ['/c/%2500', '%00'],
  ])('%s is the object %s', async (path, name) => {
    expect((await swift('PUT', path, [], 'x')).status).toBe(201)
    expect((await text('/c')).split('\n')).toContain(name)
    await swift('DELETE', path)
  })

  test.each(['/image/v2/images/../schemas/image', '/image/v2/images/%2e%2e/schemas/image', '/image/../identity/v3'])(
    '%s is no other route',
    async (target) => {
      const { status } = await rawExchange(cloud.url, 'GET', target, [`X-Auth-Token: ${token}`])
      // Glance responds to any path that does not begin with a version with 300.
      expect(status).toBe(target.startsWith('/image/v2') ? 404 : 300)
    },
  )

  test.each(['/identity/v3/users/../auth/tokens', '/identity/v3/auth/%2e%2e/projects', '/identity/v3/projects/..'])(
    '%s is no other route',
    async (target) => {
      const response = await rawExchange(cloud.url, 'GET', target, [
        `X-Auth-Token: ${token}`,
        `X-Subject-Token: ${token}`,
      ])
      expect(response.status).toBeGreaterThanOrEqual(403)
      expect(response.status).toBeLessThan(405)
    },
  )
})

test.each([
  ['/v1', 412],
  ['/v1/', 412],
  ['/', 404],
  ['//', 404],
  ['/v2/AUTH_x', 400],
  ['/v1/AUTH_x//o', 404],
  ['/v1/AUTH_%00', 412],
  ['/v1/AUTH_%ff', 412],
  ['/v1/AUTH_%0d%0ax', 401, 'AUTH_%0D%0Ax'],
  ['/v1/AUTH_%E2%98%83', 401, 'AUTH_%E2%98%83'],
  ['/v1/AUTH_x%22,%20Basic%20realm=%22evil', 401, 'AUTH_x%22%2C%20Basic%20realm%3D%22evil'],
  ['/v1.0/AUTH_x', 401, 'AUTH_x'],
  ['/v1/auth', 401, 'unknown'],
])('%s without a token is %i', async (target, status, realm?: string) => {
  const response = await at(target)
  const challenges = response.lines.filter((line) => /^www-authenticate: /i.test(line)).map((line) => line.slice(18))
  expect([response.status, challenges]).toEqual([
    status,
    realm === undefined ? [] : [`Swift realm="${realm}"`, `Keystone uri="${cloud.url}/identity"`],
  ])
})

describe('names are as long as Swift lets them be, in characters', () => {
  test.each([
    [`/${'c'.repeat(257)}`, 400, 'Container name length of 257 longer than 256'],
    [`/${'%E2%98%83'.repeat(257)}`, 400, 'Container name length of 257 longer than 256'],
    [`/${'%E2%98%83'.repeat(256)}`, 201, ''],
    [`/c/${'o'.repeat(1025)}`, 400, 'Object name length of 1025 longer than 1024'],
    [`/c/${'o'.repeat(1024)}`, 201, ''],
    [`/c/${'%E2%98%83'.repeat(400)}`, 201, ''],
  ])('%#', async (path, status, message) => {
    const put = await swift('PUT', path)
    expect([put.status, put.body.toString()]).toEqual([status, message])
  })

  test('for the destination of a copy too', async () => {
    expect((await swift('COPY', '/c2/victim', [`Destination: c/${'o'.repeat(1025)}`])).status).toBe(400)
  })
})

describe('the account of a copy', () => {
  test.each([
    ['COPY', '/c2/victim', ['Destination: c/z', `Destination-Account: OTHER`], 403],
    ['COPY', '/c2/none', ['Destination: c/z', `Destination-Account: OTHER`], 404],
    ['COPY', '/c2/victim', ['Destination: c/z', `Destination-Account: a/b`], 412],
    ['COPY', '/c2/victim', ['Destination: c/z', `Destination-Account:`], 412],
    ['COPY', '/c2/victim', ['Destination: c', `Destination-Account: MINE`], 412],
    ['COPY', '/c2/victim', ['Destination: //c/z'], 412],
    ['PUT', '/c/z', ['X-Copy-From: c2/victim', `X-Copy-From-Account: OTHER`], 403],
    ['PUT', '/c/z', ['X-Copy-From: c2/victim', `X-Copy-From-Account: a%2Fb`], 412],
    ['COPY', '/c2/victim', ['Destination: c/z1', `Destination-Account: MINE`], 201],
    ['PUT', '/c/z2', ['X-Copy-From: c2/victim', `X-Copy-From-Account: MINE`], 201],
  ])('%s %s with %s is %i', async (method, path, headers, status) => {
    const named = headers.map((header) => header.replace('OTHER', other).replace('MINE', account))
    expect((await swift(method, path, named)).status).toBe(status)
    expect((await swift('HEAD', '/c/z')).status).toBe(404)
  })
})
