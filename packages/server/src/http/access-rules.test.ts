import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../index.js'
import { call, login } from '../testing/sign-in.js'
import { matchesPath } from './access-rules.js'

let cloud: EmbeddedCloud
let token: string
let account: string
let user: string
let image: string
beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  const demo = await login(cloud.authUrl, 'demo')
  token = demo.token
  account = `AUTH_${demo.projectId}`
  const own = await call('GET', `${cloud.authUrl}/auth/tokens`, { token, headers: { 'x-subject-token': token } })
  user = (own.body as { token: { user: { id: string } } }).token.user.id
  const made = await call('POST', `${cloud.imageUrl}/v2/images`, { token, json: { name: 'one' } })
  image = (made.body as { id: string }).id
  for (const path of ['c', 'c/o', 'c2', 'c2/secret']) {
    await call('PUT', `${cloud.objectStoreUrl}/${account}/${path}`, { token, data: 'x' })
  }
})
afterAll(() => cloud.close())

interface Credential {
  readonly id: string
  readonly secret: string
  readonly access_rules?: readonly { readonly id: string }[]
}
let count = 0
const create = (access_rules: unknown, more: object = {}) =>
  call('POST', `${cloud.authUrl}/users/${user}/application_credentials`, {
    token,
    json: { application_credential: { name: `credential ${(count += 1)}`, access_rules, ...more } },
  })
const credentialOf = (response: { body: unknown }) =>
  (response.body as { application_credential: Credential }).application_credential
const tokenOf = async ({ id, secret }: Credential) => {
  const identity = { methods: ['application_credential'], application_credential: { id, secret } }
  const made = await call('POST', `${cloud.authUrl}/auth/tokens`, { json: { auth: { identity } } })
  return {
    token: made.headers.get('x-subject-token') ?? '',
    body: made.body as { token: { application_credential: object } },
  }
}
const rule = (service: string, method: string, path: string) => ({ service, method, path })

describe('a token of a credential with access rules', () => {
  let restricted: string
  beforeAll(async () => {
    const rules = [
      rule('image', 'GET', '/v2/images'),
      rule('image', 'GET', '/v2/images/{image_id}'),
      rule('object-store', 'GET', '/v1/*/c/*'),
      rule('identity', 'GET', '/v3/auth/**'),
    ]
    restricted = (await tokenOf(credentialOf(await create(rules)))).token
  })
  const statusOf = async (method: string, url: string, json?: unknown) =>
    (await call(method, url, { token: restricted, json })).status

  test('deletes and stores no more by one request than by one for each object', async () => {
    const rules = [
      rule('object-store', 'DELETE', '/v1/*/c/**'),
      rule('object-store', 'POST', '/v1/*'),
      rule('object-store', 'PUT', '/v1/*/c'),
    ]
    const limited = (await tokenOf(credentialOf(await create(rules)))).token
    const base = `${cloud.objectStoreUrl}/${account}`
    await call('PUT', `${base}/c/doomed`, { token, data: 'x' })
    const bulk = await call('POST', `${base}?bulk-delete`, {
      token: limited,
      data: 'c/doomed\nc2/secret\n',
      headers: { 'content-type': 'text/plain' },
    })
    expect(bulk.body).toMatchObject({ 'Number Deleted': 1, Errors: [['c2/secret', '401 Unauthorized']] })
    expect((await call('GET', `${base}/c2/secret`, { token })).status).toBe(200)
    const archive = await call('PUT', `${base}/c?extract-archive=tar`, { token: limited, data: '' })
    expect(archive.body).toMatchObject({ 'Number Files Created': 0 })
  })

  test('does what the rules name, and nothing else, at every service', async () => {
    const { imageUrl, objectStoreUrl, authUrl } = cloud
    expect(await statusOf('GET', `${imageUrl}/v2/images`)).toBe(200)
    expect(await statusOf('GET', `${imageUrl}/v2/images?name=one`)).toBe(200)
    expect(await statusOf('GET', `${imageUrl}/v2/images/${image}`)).toBe(200)
    expect(await statusOf('POST', `${imageUrl}/v2/images`, { name: 'two' })).toBe(401)
    expect(await statusOf('DELETE', `${imageUrl}/v2/images/${image}`)).toBe(401)
    expect(await statusOf('GET', `${imageUrl}/v2/images/${image}/members`)).toBe(401)
    expect(await statusOf('GET', `${imageUrl}/v2/schemas/image`)).toBe(401)

    expect(await statusOf('GET', `${objectStoreUrl}/${account}/c/o`)).toBe(200)
    expect(await statusOf('GET', `${objectStoreUrl}/${account}/c2/secret`)).toBe(401)
    expect(await statusOf('GET', `${objectStoreUrl}/${account}/c`)).toBe(401)
    expect(await statusOf('HEAD', `${objectStoreUrl}/${account}/c/o`)).toBe(401)
    expect(await statusOf('PUT', `${objectStoreUrl}/${account}/c/o`)).toBe(401)

    expect(await statusOf('GET', `${authUrl}/auth/projects`)).toBe(200)
    expect(await statusOf('GET', `${authUrl}/users/${user}`)).toBe(401)
    expect(await statusOf('POST', `${authUrl}/users/${user}/application_credentials`, {})).toBe(401)
  })

  test('reads no path in two ways', async () => {
    const at = (path: string) => statusOf('GET', `${cloud.objectStoreUrl}/${account}${path}`)
    expect(await at('/c/a%2Fb')).toBe(401)
    expect(await at('%2Fc2/c/secret')).not.toBe(200)
    expect(await at('/c/%6f')).toBe(200)
    expect(await at('/c/%ff')).toBe(412)
    expect(await statusOf('GET', `${cloud.imageUrl}/v2/images%2F${image}%2Fmembers`)).not.toBe(200)
  })

  test('may be validated, tells its rules, and keeps them when it is exchanged', async () => {
    const only = credentialOf(await create([rule('image', 'GET', '/v2/images')]))
    const { token: own, body } = await tokenOf(only)
    const told = [{ ...rule('image', 'GET', '/v2/images'), id: only.access_rules?.[0]?.id }]
    expect(body.token.application_credential).toMatchObject({ access_rules: told })
    const valid = await call('GET', `${cloud.authUrl}/auth/tokens`, { token: own, headers: { 'x-subject-token': own } })
    expect(valid.status).toBe(200)
    expect((valid.body as typeof body).token.application_credential).toMatchObject({ access_rules: told })
    const identity = { methods: ['token'], token: { id: own } }
    const again = await call('POST', `${cloud.authUrl}/auth/tokens`, { json: { auth: { identity } } })
    expect(again.status).toBe(201)
    const exchanged = again.headers.get('x-subject-token') ?? ''
    expect((await call('GET', `${cloud.imageUrl}/v2/images`, { token: exchanged })).status).toBe(200)
    expect((await call('POST', `${cloud.imageUrl}/v2/images`, { token: exchanged, json: {} })).status).toBe(401)
  })
})

test('without rules, or with an empty list of them, a credential is for everything', async () => {
  for (const none of [undefined, []]) {
    const credential = credentialOf(await create(none))
    expect(credential).not.toHaveProperty('access_rules')
    const { token: own } = await tokenOf(credential)
    expect((await call('POST', `${cloud.imageUrl}/v2/images`, { token: own, json: {} })).status).toBe(201)
  }
})

test('rules are shared by their content and by their id, listed, shown, and removed when nothing uses them', async () => {
  const rules = `${cloud.authUrl}/users/${user}/access_rules`
  const wanted = rule('image', 'GET', '/v2/images/*/members')
  const first = credentialOf(await create([wanted, wanted]))
  expect(first.access_rules).toEqual([{ ...wanted, id: expect.stringMatching(/^[0-9a-f]{32}$/) }])
  const id = first.access_rules?.[0]?.id ?? ''
  const second = credentialOf(await create([wanted]))
  const third = credentialOf(await create([{ id }]))
  expect([second.access_rules, third.access_rules]).toEqual([first.access_rules, first.access_rules])

  const listed = await call('GET', `${rules}?method=GET&path=/v2/images/*/members`, { token })
  expect((listed.body as { access_rules: object[] }).access_rules).toMatchObject([{ ...wanted, id }])
  const shown = await call('GET', `${rules}/${id}`, { token })
  expect(shown.body).toMatchObject({ access_rule: { ...wanted, id, links: { self: `${rules}/${id}` } } })
  const credentials = `${cloud.authUrl}/users/${user}/application_credentials`
  expect((await call('GET', `${credentials}/${third.id}`, { token })).body).toMatchObject({
    application_credential: { access_rules: [{ id }] },
  })

  expect((await call('DELETE', `${rules}/${id}`, { token })).status).toBe(403)
  for (const each of [first, second, third]) await call('DELETE', `${credentials}/${each.id}`, { token })
  expect((await call('DELETE', `${rules}/${id}`, { token })).status).toBe(204)
  expect((await call('GET', `${rules}/${id}`, { token })).status).toBe(404)
  expect((await create([{ id }])).status).toBe(404)
})

test('the rules of one user are nothing to another', async () => {
  const id = credentialOf(await create([rule('image', 'GET', '/v2/private')])).access_rules?.[0]?.id ?? ''
  const { token: admin } = await login(cloud.authUrl, 'admin')
  const own = await call('GET', `${cloud.authUrl}/auth/tokens`, { token: admin, headers: { 'x-subject-token': admin } })
  const adminId = (own.body as { token: { user: { id: string } } }).token.user.id
  const taking = (access_rules: unknown) =>
    call('POST', `${cloud.authUrl}/users/${adminId}/application_credentials`, {
      token: admin,
      json: { application_credential: { name: 'taking', access_rules } },
    })
  expect((await taking([{ id }])).status).toBe(404)
  expect((await taking([{ id, ...rule('image', 'GET', '/v2/other') }])).status).toBe(404)
  expect((await call('GET', `${cloud.authUrl}/users/${adminId}/access_rules`, { token })).status).toBe(403)
})

test.each([
  'x',
  {},
  ['x'],
  [null],
  [{}],
  [{ service: 'image', method: 'GET' }],
  [rule('image', 'OPTIONS', '/v2')],
  [rule('image', 'get', '/v2')],
  [rule('image', 'GET', 'v2')],
  [rule('image', 'GET', '')],
  [rule('image', 'GET', `/${'x'.repeat(225)}`)],
  [rule('', 'GET', '/v2')],
  [rule('object_store', 'GET', '/v2')],
  [{ service: 1, method: 'GET', path: '/v2' }],
  [{ id: '', ...rule('image', 'GET', '/v2') }],
  Array.from({ length: 100 }, () => rule('image', 'GET', `/${'x'.repeat(100)}`)),
])('%j is 400', async (rules) => {
  expect((await create(rules)).status).toBe(400)
})

test.each([
  ['/v2/images', '/v2/images', true],
  ['/v2/images', '/v2/images/', false],
  ['/v2/*', '/v2/images', true],
  ['/v2/*', '/v2/', false],
  ['/v2/*', '/v2/images/x', false],
  ['/v2/{name}/x', '/v2/images/x', true],
  ['/v2/**', '/v2/', true],
  ['/v2/**', '/v2/images/x/y', true],
  ['/v2**', '/v2', true],
  ['/**/members', '/v2/images/x/members', true],
  ['/**/members', '/v2/images/x/members/y', false],
  ['/v2/*.img', '/v2/a.b.img', true],
  ['/v2/a.b', '/v2/axb', false],
  ['/v2/[a-z]', '/v2/b', false],
  ['/', '/', true],
])('%s of a rule and %s of a request: %s', (pattern, path, matches) => {
  expect(matchesPath(path, pattern)).toBe(matches)
})
