import { expect, test } from 'vitest'
import type { CloudOptions } from '../../config/connect-options.js'
import { explicitSettings } from '../../config/explicit-settings.js'
import { connected } from '../../testing/connected.js'
import { sendJson } from '../../testing/http-server.js'
import { scriptedCloud } from '../../testing/scripted-cloud.js'
import { tokenCacheKey } from '../cache-key.js'

const user = { name: 'demo', domain: { id: 'default' } }
const totp = { user: { ...user, passcode: '123456' } }

async function loginOf(authType: string | undefined, auth: CloudOptions['auth']): Promise<unknown> {
  await using server = await scriptedCloud()
  await using cloud = await connected({ authType, auth: { authUrl: server.auth.authUrl, username: 'demo', ...auth } })
  await cloud.session.grant()
  return server.logins[0]
}

test('a passcode logs in by itself, named by its auth type or by being there alone', async () => {
  const expected = { auth: { identity: { methods: ['totp'], totp }, scope: { project: { id: 'p1' } } } }
  const auth = { passcode: '123456', projectId: 'p1' }
  for (const authType of ['v3totp', 'totp', undefined]) expect(await loginOf(authType, auth)).toEqual(expected)
})

test('a passcode and a password go into one login, each method under its own name', async () => {
  const auth = { password: 'secret', passcode: '123456', authMethods: ['v3password', 'v3totp'] }
  expect(await loginOf('v3multifactor', auth)).toEqual({
    auth: { identity: { methods: ['password', 'totp'], password: { user: { ...user, password: 'secret' } }, totp } },
  })
})

test.each([
  [{ password: 'secret', authMethods: ['password', 'totp'] }, 'the auth option has no passcode'],
  [{ password: 'secret' }, 'the auth option has no auth_methods'],
  [
    { password: 'secret', authMethods: ['password', 'none'] },
    'auth_methods (the argument auth.authMethods) names none, which cannot be one of several methods',
  ],
])('several factors need what each needs: %o', (auth, message) => {
  const read = () =>
    explicitSettings({ authType: 'v3multifactor', auth: { authUrl: 'http://h', username: 'u', ...auth } })
  expect(read).toThrow(message)
})

test('a passcode is a secret, and tells tokens in a cache apart without being in their names', async () => {
  const keyOf = (authType: string, auth: CloudOptions['auth']) => {
    const settings = explicitSettings({ authType, auth: { authUrl: 'http://h', username: 'u', ...auth } })
    return tokenCacheKey(settings.auth, { isVerified: true, means: '' })
  }
  const factors = { password: 'hunter2', authMethods: ['password', 'totp'] }
  const keys = await Promise.all([
    keyOf('v3totp', { passcode: '123456' }),
    keyOf('v3totp', { passcode: '654321' }),
    keyOf('v3multifactor', { passcode: '123456', ...factors }),
    keyOf('v3multifactor', { passcode: '654321', ...factors }),
  ])
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys).not.toContain(undefined)
  expect(keys.join()).not.toMatch(/123456|654321|hunter2/)
  expect(await keyOf('v3multifactor', { token: 't', ...factors, authMethods: ['token', 'password'] })).toBeUndefined()
})

test.each([
  ['v3totp', {}],
  ['v3multifactor', { password: 'secret', authMethods: ['v3password', 'v3totp'] }],
])(
  'a token of %s that ends is not asked for again with the same passcode, and the error says why',
  async (authType, more) => {
    let hasEnded = false
    await using server = await scriptedCloud({
      service: (_, response) => response.writeHead(hasEnded ? 401 : 200).end('{}'),
      identity(request, response) {
        if (request.method !== 'GET' || !hasEnded) return false
        sendJson(response, 404, { error: { code: 404, message: 'Could not find token.', title: 'Not Found' } })
        return true
      },
    })
    const { authUrl } = server.auth
    await using cloud = await connected({ authType, auth: { authUrl, username: 'demo', passcode: '123456', ...more } })
    const list = async () => (await cloud.image.request({ method: 'GET', path: '/images' })).discard()
    await list()
    hasEnded = true
    await expect(list()).rejects.toMatchObject({
      name: 'UnauthorizedError',
      message: 'the token has expired and cannot be renewed: Could not find token.',
      hint: expect.stringMatching(/works only once.*connect again with a new passcode/),
    })
    expect(server.logins).toHaveLength(1)
  },
)

test('a token about to end is used until it does', async () => {
  await using server = await scriptedCloud({
    token: () => ({ expires_at: new Date(Date.now() - 1000).toISOString() }),
    service: (request, response) => sendJson(response, 200, { token: request.headers['x-auth-token'] }),
  })
  const { authUrl } = server.auth
  await using cloud = await connected({ auth: { authUrl, username: 'demo', passcode: '123456' } })
  await cloud.session.grant()
  expect(await (await cloud.image.request({ method: 'GET', path: '/images' })).json()).toEqual({ token: 'token-1' })
  expect(server.logins).toHaveLength(1)
})

test('a refused passcode says that it may be too old', async () => {
  await using server = await scriptedCloud({
    identity(_, response) {
      sendJson(response, 401, { error: { code: 401, message: 'Invalid 123456', title: 'Unauthorized' } })
      return true
    },
  })
  await using cloud = await connected({
    auth: { authUrl: server.auth.authUrl, username: 'demo', passcode: '123456' },
  })
  await expect(cloud.session.grant()).rejects.toMatchObject({
    name: 'UnauthorizedError',
    message: 'Invalid REDACTED',
    hint: expect.stringMatching(/older than a minute.*v3multifactor/),
  })
})
