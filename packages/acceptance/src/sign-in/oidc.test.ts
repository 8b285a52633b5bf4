import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, type ConnectOptions, type DeviceCode, type TokenCache, type TokenGrant } from '@tyrax/sdk'
import { startFederatedCloud, type FederatedCloud } from '@tyrax/testkit'

const secret = 's3cret+/='
let at: FederatedCloud
beforeAll(async () => {
  at = await startFederatedCloud({
    users: [
      { username: 'ada', password: 'a-password', claims: { banned: false } },
      { username: 'eve', password: 'e-password', claims: { banned: true } },
      { username: 'otto', password: 'o-password', totp: '123456', claims: { banned: false } },
    ],
  })
})
afterAll(() => at[Symbol.asyncDispose]())
beforeEach(() => {
  at.provider.requests.length = 0
})

/** Signs in at the provider, lists the images, and returns who that was. */
async function signIn(authType: string, more: object, options: ConnectOptions = {}) {
  const auth = {
    authUrl: at.cloud.authUrl,
    identityProvider: 'work',
    protocol: 'openid',
    projectName: 'demo',
    discoveryEndpoint: at.provider.discoveryUrl,
    clientId: 'tyrax',
    clientSecret: secret,
    ...more,
  }
  await using cloud = await connect({ ...options, authType, auth })
  await cloud.images.list({ limit: 1 }).toArray()
  const { userName, projectName, roles } = await cloud.identity.grant()
  return { userName, projectName, roles }
}
const ada = { userName: 'ada', projectName: 'demo', roles: ['member', 'reader'] }
const person = { username: 'ada', password: 'a-password' }

/** A person who enters the code, or does something else with it. */
const withCode = (act: (code: DeviceCode) => void) => ({ signIn: { showCode: act } })
const entered = withCode(({ userCode }) => at.provider.enter(userCode, { username: 'ada' }))

async function accessToken(): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'password', ...person, client_id: 'public', scope: 'openid' })
  const response = await fetch(`${at.provider.issuer}/token`, { method: 'POST', body })
  return ((await response.json()) as { access_token: string }).access_token
}

test('a client signs in for itself, and a user with a password, a passcode, or an access token', async () => {
  const robot = { ...ada, userName: 'robot-tyrax' }
  expect(await signIn('v3oidcclientcredentials', {})).toEqual(robot)
  expect(await signIn('v3oidcpassword', person)).toEqual(ada)
  const otto = { username: 'otto', password: 'o-password', idpOtpKey: 'totp' }
  expect(await signIn('v3oidcpassword', { ...otto, passcode: '123456' })).toMatchObject({ userName: 'otto' })
  const askPasscode = async () => '123456'
  expect(await signIn('v3oidcpassword', otto, { signIn: { askPasscode } })).toMatchObject({ userName: 'otto' })
  at.provider.requests.length = 0
  expect(await signIn('v3oidcaccesstoken', { accessToken: await accessToken() })).toEqual(ada)
  expect(at.provider.requests.filter((each) => each.startsWith('POST /token'))).toHaveLength(1)
})

test('explicit endpoints outweigh the discovery document, and make it unnecessary', async () => {
  const endpoint = { discoveryEndpoint: undefined, accessTokenEndpoint: `${at.provider.issuer}/token` }
  expect(
    await signIn('v3oidcpassword', { ...person, ...endpoint, clientId: 'public', clientSecret: undefined }),
  ).toEqual(ada)
  await expect(
    signIn('v3oidcpassword', { ...person, accessTokenEndpoint: `${at.provider.issuer}/other` }),
  ).rejects.toMatchObject({
    name: 'UnauthorizedError',
    code: 'unsupported_grant_type',
  })
})

test.each([undefined, 'S256', 'plain'] as const)(
  'a person enters a code on another device, with the challenge %s',
  async (codeChallengeMethod) => {
    const codes: DeviceCode[] = []
    const show = withCode((code) => {
      codes.push(code)
      setTimeout(() => at.provider.enter(code.userCode, { username: 'ada' }), 100)
    })
    expect(await signIn('v3oidcdeviceauthz', { codeChallengeMethod }, show)).toEqual(ada)
    expect(codes).toEqual([
      {
        url: `${at.provider.issuer}/device`,
        completeUrl: `${at.provider.issuer}/device?code=${codes[0]?.userCode}`,
        userCode: expect.stringMatching(/./),
        expiresAt: expect.any(Number),
      },
    ])
    expect(at.provider.requests.filter((each) => each.includes('device_code')).length).toBeGreaterThan(1)
  },
)

test.each([
  ['denied', 'the sign-in was denied'],
  ['expired', 'the code was not entered in time'],
] as const)('a code that is %s is an error that says so', async (state, hint) => {
  const show = withCode(({ userCode }) => at.provider.enter(userCode, state))
  await expect(signIn('v3oidcdeviceauthz', {}, show)).rejects.toMatchObject({
    name: 'UnauthorizedError',
    status: 401,
    hint: expect.stringContaining(hint),
  })
})

test('waiting for a person ends when the caller aborts, and without a person there is none', async () => {
  const controller = new AbortController()
  const show = withCode(() => controller.abort())
  await expect(signIn('v3oidcdeviceauthz', {}, { ...show, signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
  })
  await expect(signIn('v3oidcdeviceauthz', {})).rejects.toMatchObject({
    name: 'ConfigError',
    hint: expect.stringContaining('signIn.showCode'),
  })
})

test('what the provider refuses is an error of the login that names its reason, and no secret', async () => {
  const refusals = [
    [signIn('v3oidcpassword', { ...person, password: 'wr0ng-word' }), 'invalid_grant', 'the user, the password'],
    [signIn('v3oidcclientcredentials', { clientSecret: 'wr0ng-word' }), 'invalid_client', 'client_secret is wrong'],
    [signIn('v3oidcauthcode', { code: 'wr0ng-word' }), 'invalid_grant', 'the code is wrong'],
  ] as const
  for (const [refused, code, hint] of refusals) {
    const error: unknown = await refused.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'UnauthorizedError', status: 401, code, hint: expect.stringContaining(hint) })
    expect(String(error)).not.toContain('wr0ng-word')
  }
})

test('what Keystone refuses after that is told apart', async () => {
  const eve = { username: 'eve', password: 'e-password' }
  for (const more of [eve, { ...person, protocol: 'other' }, { ...person, identityProvider: 'other' }]) {
    await expect(signIn('v3oidcpassword', more)).rejects.toMatchObject({ status: more === eve ? 401 : 404 })
  }
  await expect(signIn('v3oidcpassword', eve)).rejects.toMatchObject({ hint: expect.stringContaining('no rule') })
  await expect(signIn('v3oidcpassword', { ...person, projectName: 'admin' })).rejects.toMatchObject({
    hint: expect.stringContaining('no role in this project'),
  })
  await expect(signIn('v3oidcaccesstoken', { accessToken: 'invented' })).rejects.toMatchObject({
    hint: expect.stringContaining('the access token is wrong or has expired'),
  })
})

test('a person signs in once for all projects, and again when the kept token has ended', async () => {
  const { cache, saved } = memoryCache()
  const logIns = () => at.provider.requests.filter((each) => each === 'POST /device_authorization').length
  const options = { ...entered, tokenCache: cache }
  expect(await signIn('v3oidcdeviceauthz', {}, options)).toEqual(ada)
  expect(await signIn('v3oidcdeviceauthz', {}, options)).toEqual(ada)
  expect(await signIn('v3oidcdeviceauthz', { projectName: 'second' }, options)).toMatchObject({ projectName: 'second' })
  expect(logIns()).toBe(1)
  // No role there: the person is not asked again for nothing.
  await expect(signIn('v3oidcdeviceauthz', { projectName: 'admin' }, options)).rejects.toMatchObject({ status: 401 })
  expect(logIns()).toBe(1)
  expect([...saved.keys()].join()).not.toContain(secret)
  for (const [key, grant] of saved) saved.set(key, { ...grant, token: 'revoked' })
  expect(await signIn('v3oidcdeviceauthz', { projectName: 'second' }, options)).toMatchObject({ projectName: 'second' })
  expect(logIns()).toBe(2)
})

test('a refused token is renewed with the refresh token, without the person', async () => {
  const auth = { authUrl: at.cloud.authUrl, identityProvider: 'work', protocol: 'openid', projectName: 'demo' }
  const client = { discoveryEndpoint: at.provider.discoveryUrl, clientId: 'public' }
  await using cloud = await connect({ ...entered, authType: 'v3oidcdeviceauthz', auth: { ...auth, ...client } })
  const revoke = async () => {
    const token = (await cloud.token()) ?? ''
    const headers = { 'x-auth-token': token, 'x-subject-token': token }
    await fetch(`${at.cloud.authUrl}/auth/tokens`, { method: 'DELETE', headers })
  }
  await revoke()
  await cloud.images.list({ limit: 1 }).toArray()
  expect(at.provider.requests).toContain('POST /token refresh_token')
  at.provider.endTokens(true)
  await revoke()
  await cloud.images.list({ limit: 1 }).toArray()
  expect(at.provider.requests.filter((each) => each === 'POST /device_authorization')).toHaveLength(2)
})

test('no token and no secret is logged', async () => {
  const lines: string[] = []
  const say = (...parts: unknown[]) => void lines.push(JSON.stringify(parts))
  const logger = { debug: say, info: say, warn: say, error: say }
  const { cache, saved } = memoryCache()
  await signIn('v3oidcpassword', person, { logger, tokenCache: cache })
  await signIn('v3oidcdeviceauthz', { codeChallengeMethod: 'S256' }, { ...entered, logger, tokenCache: cache })
  const log = lines.join('\n')
  expect(log).toContain('/token')
  const secrets = [
    secret,
    encodeURIComponent(secret),
    person.password,
    ...[...saved.values()].map(({ token }) => token ?? ''),
  ]
  for (const each of secrets) expect(log).not.toContain(each)
})

test.each([
  [{ clientId: undefined }, 'has no client_id'],
  [{ discoveryEndpoint: undefined }, 'has no access_token_endpoint or discovery_endpoint'],
  [
    { discoveryEndpoint: 'idp.example' },
    'discovery_endpoint (the argument auth.discoveryEndpoint) is not an http or https URL',
  ],
  [
    { codeChallengeMethod: 'S512' },
    'code_challenge_method (the argument auth.codeChallengeMethod) is neither S256 nor plain',
  ],
  [
    { accessTokenType: 'jwt' },
    'access_token_type (the argument auth.accessTokenType) is neither access_token nor id_token',
  ],
])('%j is refused before anything is sent', async (more, message) => {
  await expect(signIn('v3oidcdeviceauthz', more, entered)).rejects.toThrow(message)
  expect(at.provider.requests).toEqual([])
})

function memoryCache(): { cache: TokenCache; saved: Map<string, TokenGrant> } {
  const saved = new Map<string, TokenGrant>()
  const cache: TokenCache = {
    load: async (key) => saved.get(key),
    save: async (key, grant) => void saved.set(key, grant),
  }
  return { cache, saved }
}
