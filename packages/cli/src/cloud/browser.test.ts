import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import path from 'node:path'
import { type FederatedCloud, listening, startFederatedCloud } from '@tyrax/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bin } from '../testing/bundle.js'
import { homeEnv, makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

let at: FederatedCloud
let home: string
let port: number
beforeAll(async () => {
  await using free = await listening(createServer())
  port = free.port
  at = await startFederatedCloud({
    users: [{ username: 'ada', password: 'a-password', claims: { banned: false } }],
    trustedDashboards: ['localhost', '127.0.0.1'].map((host) => `http://${host}:${port}/auth/websso/`),
  })
})
afterAll(() => at[Symbol.asyncDispose]())
beforeEach(async () => {
  home = await makeHome()
})

const ids = ['list', '-f', 'id']
const terminal = (env: Record<string, string> = {}) => ({ isTTY: true, env: { CI: '', DISPLAY: '', ...env } })

async function configure(more: object = {}, authType = 'v3websso'): Promise<void> {
  const auth = {
    auth_url: at.cloud.authUrl,
    project_name: 'demo',
    identity_provider: 'work',
    protocol: 'openid',
    redirect_port: port,
    ...more,
  }
  await writeFile(path.join(home, 'clouds.yaml'), JSON.stringify({ clouds: { work: { auth_type: authType, auth } } }))
}

/**
 * A browser: follows redirects, and posts the form of the last page as a person's browser does. `headers` replaces what
 * it sends with the form.
 */
async function browser(headers: object = {}): Promise<Record<string, string>> {
  const program = path.join(home, 'browser.mjs')
  const sent = {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-site': 'cross-site',
    origin: 'null',
    ...headers,
  }
  await writeFile(
    program,
    `import { request } from 'node:http'
    const page = await (await fetch(process.argv[2])).text()
    const [, action] = /action="([^"]+)"/.exec(page) ?? []
    const [, token] = /value="([^"]+)"/.exec(page) ?? []
    const post = request(action, { method: 'POST', headers: ${JSON.stringify(sent)} }, (response) => response.resume())
    post.on('error', () => {})
    post.end(new URLSearchParams({ token }).toString())`,
  )
  return { BROWSER: `${process.execPath} ${program}` }
}

/** Whether something listens on the port. */
function isOpen(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

test('a person signs in with a browser, once for all projects, and nothing listens any more', async () => {
  await configure()
  const seen = await run(home, [...ids, '-q'], terminal(await browser()))
  expect(seen).toMatchObject({ exitCode: 0, stdout: '' })
  expect(seen.stderr).toMatch(
    /^To sign in, open http:.*\/v3\/auth\/OS-FEDERATION\/identity_providers\/work\/protocols\/openid\/websso\?origin=\S+\n$/,
  )
  expect(await isOpen()).toBe(false)
  expect(await run(home, ['--os-project-name', 'second', ...ids])).toMatchObject({ exitCode: 0, stderr: '' })
})

test('the bundle opens a browser and proves its device, on a terminal of its own', async () => {
  const env = { ...(await browser()), PATH: process.env['PATH'], TERM: 'xterm', ...homeEnv(home) }
  const onTerminal = async () => {
    const child = spawn('script', ['-qefc', `${process.execPath} ${bin} ${ids.join(' ')}`, '/dev/null'], {
      cwd: home,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return ((await once(child, 'close')) as [number])[0]
  }
  await configure()
  expect(await onTerminal()).toBe(0)
  const device = { client_id: 'public', discovery_endpoint: at.provider.discoveryUrl, code_challenge_method: 'S256' }
  await configure(device, 'v3oidcdeviceauthz')
  at.provider.onDevice = (userCode) => at.provider.enter(userCode, { username: 'ada' })
  expect(await onTerminal()).toBe(0)
})

test.each([
  ['the form of another page', { origin: 'http://evil.example' }],
  ['a form of a page that names another one', { referer: 'http://evil.example/x' }],
  ['a request of a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  ['a request of no browser', { 'sec-fetch-mode': undefined }],
  ['a request under another name', { host: 'evil.example' }],
  ['a body that is no form', { 'content-type': 'text/plain' }],
])('%s brings no token', async (_, headers) => {
  await configure({ login_timeout: 1 })
  const seen = await run(home, ids, terminal(await browser(headers)))
  expect(seen).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/the sign-in was not completed within 1 second$/m),
  })
  expect(await isOpen()).toBe(false)
})

test('without a browser, the address is shown, and the wait ends', async () => {
  await configure({ login_timeout: 1 })
  for (const env of [{}, { BROWSER: path.join(home, 'nothing') }, { BROWSER: 'false' }]) {
    const seen = await run(home, ids, terminal(env))
    expect(seen.stderr).toMatch(/^To sign in, open http/)
    expect(seen.stderr).toContain('no browser could be opened')
    expect(seen.exitCode).toBe(4)
  }
  expect(await isOpen()).toBe(false)
})

test('without a terminal there is no sign-in with a browser', async () => {
  await configure()
  for (const options of [{}, terminal({ CI: 'true' })]) {
    expect(await run(home, ids, options)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('v3websso needs a person with a browser'),
    })
  }
})

test('a port in use and an address that other machines reach are refused before anything is opened', async () => {
  await using other = await listening(createServer())
  await configure({ redirect_port: other.port })
  const taken = await run(home, ids, terminal())
  expect(taken).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`cannot listen on localhost:${other.port}`),
  })
  expect(taken.stderr).not.toContain('To sign in')
  await configure({ redirect_host: '0.0.0.0' })
  const exposed = await run(home, ids, terminal())
  expect(exposed).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('other machines can reach') })
})

test('an interrupted sign-in stops listening', async () => {
  await configure()
  const controller = new AbortController()
  const ended = run(home, ids, { ...terminal(), signal: controller.signal })
  while (!(await isOpen())) await new Promise((resolve) => setTimeout(resolve, 20))
  controller.abort('SIGINT')
  expect(await ended).toMatchObject({ exitCode: 130 })
  expect(await isOpen()).toBe(false)
})
