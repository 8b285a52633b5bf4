import { expect, test } from 'vitest'
import type { CloudOptions } from '../config/connect-options.js'
import { connected } from '../testing/connected.js'
import { scriptedServer, sendJson } from '../testing/http-server.js'
import { scriptedCloud, type CloudScript } from '../testing/scripted-cloud.js'

async function login(script: CloudScript, options: (auth: CloudOptions['auth'] & { authUrl: string }) => CloudOptions) {
  await using server = await scriptedCloud(script)
  await using cloud = await connected(options(server.auth))
  const outcome = await cloud.session.grant().catch((error: unknown) => error as Error & { hint?: string })
  return { outcome, logins: server.logins, requests: server.requests }
}

const scopeOf = (body: unknown) => (body as { auth: { scope?: unknown } }).auth.scope
const identityOf = (body: unknown) => (body as { auth: { identity: unknown } }).auth.identity

test.each(['/identity', '/identity/', '/identity/v3', '/identity/v3/'])(
  'an auth URL that ends in %s works',
  async (path) => {
    const { requests } = await login({}, (auth) => ({
      auth: { ...auth, authUrl: auth.authUrl.replace('/identity', path) },
    }))
    expect(requests).toEqual(['POST /identity/v3/auth/tokens'])
  },
)

test.each([
  [{ projectId: 'p1', projectName: undefined }, { project: { id: 'p1' } }],
  [{ projectDomainName: 'D' }, { project: { name: 'demo', domain: { name: 'D' } } }],
  [{ userDomainId: 'd1' }, { project: { name: 'demo', domain: { id: 'd1' } } }],
  [{ projectName: undefined, domainName: 'D' }, { domain: { name: 'D' } }],
  [{ projectName: undefined, systemScope: 'all' }, { system: { all: true } }],
  [{ projectName: undefined }, undefined],
  [{ unscoped: true }, 'unscoped'],
])('%o asks for the scope %o', async (auth, scope) => {
  const { logins } = await login({}, (given) => ({ auth: { ...given, ...auth } }))
  expect(scopeOf(logins[0])).toEqual(scope)
})

test('an application credential logs in by id, or by name and user, without scope', async () => {
  const byId = { applicationCredentialId: 'c1', applicationCredentialSecret: 's' }
  const first = await login({}, ({ authUrl }) => ({ auth: { authUrl, ...byId } }))
  expect(first.logins).toEqual([
    { auth: { identity: { methods: ['application_credential'], application_credential: { id: 'c1', secret: 's' } } } },
  ])
  const byName = {
    applicationCredentialName: 'ci',
    applicationCredentialSecret: 's',
    username: 'demo',
    userDomainName: 'D',
  }
  const second = await login({}, ({ authUrl }) => ({ auth: { authUrl, ...byName } }))
  expect(identityOf(second.logins[0])).toEqual({
    methods: ['application_credential'],
    application_credential: { name: 'ci', user: { name: 'demo', domain: { name: 'D' } }, secret: 's' },
  })
})

test('a token that has the scope is used as it is, another scope exchanges it', async () => {
  const same = await login({}, ({ authUrl }) => ({ auth: { authUrl, token: 'mine', projectId: 'project-id' } }))
  expect(same.outcome).toMatchObject({ token: 'mine', projectId: 'project-id' })
  expect(same.logins).toEqual([])
  const other = await login({}, ({ authUrl }) => ({ auth: { authUrl, token: 'mine', projectId: 'p2' } }))
  expect(other.outcome).toMatchObject({ token: 'token-1' })
  expect(identityOf(other.logins[0])).toEqual({ methods: ['token'], token: { id: 'mine' } })
})

test('an expired token is said to be one that cannot renew itself', async () => {
  const script: CloudScript = {
    identity: (_, response) => {
      sendJson(response, 404, { error: { code: 404, message: 'Could not find token: mine.', title: 'Not Found' } })
      return true
    },
  }
  const { outcome } = await login(script, ({ authUrl }) => ({ auth: { authUrl, token: 'mine' } }))
  expect(outcome).toMatchObject({ name: 'UnauthorizedError', hint: expect.stringContaining('cannot renew itself') })
})

test('no Keystone: fixed endpoint, no token, no login', async () => {
  let token: unknown = 'none seen'
  await using server = await scriptedServer((request, response) => {
    token = request.headers['x-auth-token']
    sendJson(response, 200, {})
  })
  await using cloud = await connected({ authType: 'none', auth: { endpoint: `${server.url}/glance/` } })
  await (await cloud.image.request({ method: 'GET', path: '/images' })).discard()
  expect(server.requests).toEqual(['GET /glance/v2/images'])
  expect(token).toBeUndefined()
})

test('a cloud that only has Identity v2.0 is told so', async () => {
  const script: CloudScript = {
    identity: (request, response) => {
      const root = request.url === '/identity/'
      const versions = { versions: { values: [{ id: 'v2.0', links: [] }] } }
      if (root) sendJson(response, 300, versions)
      else response.writeHead(404).end()
      return true
    },
  }
  const { outcome } = await login(script, (auth) => ({ auth }))
  expect(outcome).toMatchObject({ name: 'ConfigError', message: expect.stringContaining('offers v2.0, but not v3') })
})

test('v3 is found where the version document has it, on the host that was given', async () => {
  const script: CloudScript = {
    identity: (request, response) => {
      if (request.url === '/identity/') {
        sendJson(response, 300, {
          versions: {
            values: [{ id: 'v3.14', links: [{ rel: 'self', href: 'http://wrong.invalid/identity/api/v3/' }] }],
          },
        })
      } else if (request.url === '/identity/api/v3/auth/tokens') {
        sendJson(response, 201, { token: { project: { id: 'found' } } }, { 'x-subject-token': 't' })
      } else {
        response.writeHead(404).end()
      }
      return true
    },
  }
  const { outcome } = await login(script, (auth) => ({ auth }))
  expect(outcome).toMatchObject({ projectId: 'found' })
})

test('a project that does not exist is an error in the words of Keystone', async () => {
  const script: CloudScript = {
    identity: (_, response) => {
      sendJson(response, 401, { error: { code: 401, message: 'Could not find project: nope.', title: 'Unauthorized' } })
      return true
    },
  }
  const { outcome } = await login(script, (auth) => ({ auth }))
  expect(outcome).toMatchObject({ name: 'UnauthorizedError', message: 'Could not find project: nope.' })
})

test.each([
  ['<html>login here</html>', 'text/html'],
  ['{"token": {', 'application/json'],
  ['{"hello": 1}', 'application/json'],
])('a login answered with %s is a MalformedResponseError', async (body, type) => {
  const script: CloudScript = {
    identity: (_, response) => {
      response.writeHead(201, { 'content-type': type, 'x-subject-token': 't' }).end(body)
      return true
    },
  }
  const { outcome } = await login(script, (auth) => ({ auth }))
  expect(outcome).toMatchObject({ name: 'MalformedResponseError' })
})

test('a busy Keystone is asked again', async () => {
  let count = 0
  const script: CloudScript = {
    identity: (_, response) => {
      count += 1
      if (count > 2) return false
      response.writeHead(503).end()
      return true
    },
  }
  const { outcome } = await login(script, (auth) => ({ auth }))
  expect(outcome).toMatchObject({ token: 'token-1' })
})

test('a token of a clock that is ten minutes off is neither renewed for each request nor used when expired', async () => {
  for (const skewMs of [600_000, -600_000]) {
    await using server = await scriptedCloud({
      headers: { date: new Date(Date.now() + skewMs).toUTCString() },
      token: () => ({ expires_at: new Date(Date.now() + skewMs + 300_000).toISOString().replace('Z', '') }),
      service: (_, response) => sendJson(response, 200, {}),
    })
    await using cloud = await connected({ auth: server.auth })
    for (let round = 0; round < 3; round += 1)
      await (await cloud.image.request({ method: 'GET', path: '/images' })).discard()
    expect(server.tokens).toHaveLength(1)
  }
})

test('a token close to its end is renewed before the next request', async () => {
  await using server = await scriptedCloud({
    token: (count) => ({ expires_at: new Date(Date.now() + (count === 1 ? -1000 : 3_600_000)).toISOString() }),
    service: (request, response) => sendJson(response, 200, { token: request.headers['x-auth-token'] }),
  })
  await using cloud = await connected({ auth: server.auth })
  await cloud.session.grant()
  expect(await (await cloud.image.request({ method: 'GET', path: '/images' })).json()).toEqual({ token: 'token-2' })
})
