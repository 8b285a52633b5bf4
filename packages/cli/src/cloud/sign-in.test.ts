import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { type FederatedCloud, listening, startFederatedCloud } from '@tyrax/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

let at: FederatedCloud
let home: string
beforeAll(async () => {
  at = await startFederatedCloud({ users: [{ username: 'ada', password: 'a-password', claims: { banned: false } }] })
})
afterAll(() => at[Symbol.asyncDispose]())
beforeEach(async () => {
  at.provider.requests.length = 0
  home = await makeHome()
})

const ids = ['list', '-f', 'id']

/** Writes a clouds.yaml with the one cloud `work`. */
async function configure(authType: string, auth: object = {}): Promise<void> {
  const common = {
    auth_url: at.cloud.authUrl,
    project_name: 'demo',
    identity_provider: 'work',
    protocol: 'openid',
    discovery_endpoint: at.provider.discoveryUrl,
    client_id: 'tyrax',
  }
  const work = { auth_type: authType, auth: { ...common, ...auth } }
  await writeFile(path.join(home, 'clouds.yaml'), JSON.stringify({ clouds: { work } }))
}
const tokens = () => readdir(path.join(home, '.cache', 'tyrax', 'tokens')).catch(() => [])

test.each([
  ['v3oidcclientcredentials', {}, 's3cret+/=', 'robot-tyrax'],
  ['v3oidcpassword', { client_id: 'public', username: 'ada' }, 'a-password', 'ada'],
])('the secret of %s is read from standard input, and its token is kept', async (authType, auth, secret, who) => {
  await configure(authType, auth)
  expect(await run(home, ['--password-stdin', ...ids], { stdin: `${secret}\n` })).toMatchObject({ exitCode: 0 })
  const token = ['--password-stdin', 'auth', 'token', '-f', 'json']
  const printed = await run(home, token, { stdin: secret })
  const { id, user_id: userId } = JSON.parse(printed.stdout) as { id: string; user_id: string }
  expect(at.provider.requests.filter((each) => each.startsWith('POST /token'))).toHaveLength(1)
  const headers = { 'x-auth-token': id, 'x-subject-token': id }
  const seen = await fetch(`${at.cloud.authUrl}/auth/tokens`, { headers })
  expect(await seen.json()).toMatchObject({ token: { user: { id: userId, name: who }, project: { name: 'demo' } } })
  // One for the project, one without a scope.
  expect(await tokens()).toHaveLength(2)
  expect(await run(home, ['--password-stdin', ...ids], { stdin: 'wrong\n' })).toMatchObject({ exitCode: 4, stdout: '' })
})

test('flags, variables and files configure the same, and secrets are no flags', async () => {
  const flags = Object.entries({
    '--os-auth-url': at.cloud.authUrl,
    '--os-auth-type': 'v3oidcclientcredentials',
    '--os-identity-provider': 'work',
    '--os-protocol': 'openid',
    '--os-discovery-endpoint': at.provider.discoveryUrl,
    '--os-client-id': 'tyrax',
    '--os-project-name': 'demo',
  }).flat()
  const stdin = 's3cret+/='
  expect(await run(home, [...flags, '--password-stdin', ...ids], { stdin })).toMatchObject({ exitCode: 0 })
  for (const flag of ['--os-client-secret', '--os-access-token', '--os-passcode', '--os-code']) {
    const refused = await run(home, [flag, 'v4lue', 'list'])
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`${flag} is refused`) })
    expect(refused.stderr).not.toContain('v4lue')
  }
  const env = { OS_CLIENT_SECRET: stdin, OS_CLOUD: 'work' }
  await configure('v3oidcclientcredentials')
  expect(await run(home, ids, { env })).toMatchObject({ exitCode: 0 })
})

test('auth check shows every setting but the secrets', async () => {
  await configure('v3oidcclientcredentials', { code: 'c0de-value' })
  const env = { OS_CLIENT_SECRET: 's3cret+/=', OS_CLOUD: 'work' }
  const { exitCode, stdout } = await run(home, ['auth', 'check', '-f', 'json'], { env })
  expect(exitCode).toBe(0)
  expect(stdout).toContain(at.provider.discoveryUrl)
  expect(stdout).toContain('"auth.client_secret"')
  expect(stdout).not.toMatch(/s3cret|c0de-value/)
})

test('a secret that is missing is an error that names every way to give it', async () => {
  await configure('v3oidcclientcredentials')
  const missing = await run(home, ids)
  expect(missing).toMatchObject({ exitCode: 2, stdout: '' })
  expect(missing.stderr).toMatch(
    /has no client_secret[^]*set clouds\.work\.auth\.client_secret in .*clouds\.yaml or in secure\.yaml, or OS_CLIENT_SECRET; or use --password-stdin/,
  )
  await configure('password', { username: 'demo' })
  expect((await run(home, ids)).stderr).toContain('or OS_PASSWORD; or use --password-stdin')
})

test('on a terminal, a code is shown on stderr and entered elsewhere; without one, the command fails at once', async () => {
  await configure('v3oidcdeviceauthz', { client_id: 'public' })
  at.provider.onDevice = (userCode) => at.provider.enter(userCode, { username: 'ada' })
  const shown = await run(home, [...ids, '-q'], { isTTY: true, env: { CI: '' } })
  expect(shown).toMatchObject({ exitCode: 0, stdout: '' })
  expect(shown.stderr).toMatch(
    /To sign in, open http:\/\/127\.0\.0\.1:\d+\/device and enter the code \S+, or open http:\S+\/device\?code=/,
  )
  // The kept token serves another project, without a terminal.
  const second = ['--os-project-name', 'second', ...ids]
  expect(await run(home, second)).toMatchObject({ exitCode: 0, stderr: '' })
  for (const options of [{}, { isTTY: true, env: { CI: 'true' } }]) {
    home = await makeHome()
    await configure('v3oidcdeviceauthz', { client_id: 'public' })
    at.provider.requests.length = 0
    expect(await run(home, ids, options)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('needs a person who enters a code'),
    })
    expect(at.provider.requests).not.toContain('POST /device_authorization')
  }
})

test('a name and a password go to a service that checks them itself, and nowhere else', async () => {
  const seen: (string | undefined)[] = []
  const server = createServer(({ headers }, response) => {
    seen.push(headers.authorization, headers['x-auth-token'] as string | undefined)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"images":[]}')
  })
  await using service = await listening(server)
  const env = { OS_AUTH_TYPE: 'http_basic', OS_ENDPOINT: `http://127.0.0.1:${service.port}`, OS_USERNAME: 'ada' }
  expect(await run(home, ids, { env: { ...env, OS_PASSWORD: 'pä:ss' } })).toMatchObject({ exitCode: 0 })
  expect(seen).toEqual([`Basic ${Buffer.from('ada:pä:ss').toString('base64')}`, undefined])
  expect(await run(home, ids, { env })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('has no password'),
  })
})
