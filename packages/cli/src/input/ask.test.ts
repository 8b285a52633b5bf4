import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { startCloud, type EmbeddedCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bin } from '../testing/bundle.js'
import { homeEnv, makeHome } from '../testing/home.js'

const totpSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
let cloud: EmbeddedCloud
beforeAll(async () => {
  const demo = { name: 'demo', password: 's3cret-word', project: 'demo', roles: ['admin'], totpSecret } as const
  cloud = await startCloud({ port: 0, config: { users: [{ ...demo, roles: ['admin'] }] } })
})
afterAll(() => cloud.close())

/** Runs tyrax in a pseudo-terminal, and types an answer to each question. */
async function onTerminal(answers: Readonly<Record<string, () => string>>) {
  const env = {
    PATH: process.env['PATH'],
    ...homeEnv(await makeHome()),
    TERM: 'xterm',
    OS_AUTH_URL: cloud.authUrl,
    OS_USERNAME: 'demo',
    OS_PROJECT_NAME: 'demo',
  }
  const child = spawn('script', ['-qefc', `${process.execPath} ${bin} list -f json`, '/dev/null'], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  const open = new Map(Object.entries(answers))
  child.stdout.on('data', (chunk: Buffer) => {
    text += String(chunk)
    for (const [question, answer] of open) {
      if (!text.includes(question)) continue
      open.delete(question)
      child.stdin.write(answer())
    }
  })
  const [exitCode] = (await once(child, 'close')) as [number]
  return { exitCode, text: text.replaceAll('\r\n', '\n') }
}

test('a missing password is asked for, and not shown', async () => {
  const { exitCode, text } = await onTerminal({ 'Password: ': () => 's3cret-word\r' })
  expect({ exitCode, text }).toEqual({ exitCode: 0, text: 'Password: \n[]\n' })
})

test('a wrong one is an error, an empty one is none, and Ctrl-C ends the command', async () => {
  expect(await onTerminal({ 'Password: ': () => 'wrong\r' })).toMatchObject({ exitCode: 4 })
  expect(await onTerminal({ 'Password: ': () => '\r' })).toMatchObject({
    exitCode: 2,
    text: expect.stringContaining('has no password'),
  })
  expect(await onTerminal({ 'Password: ': () => '\u0003' })).toMatchObject({ exitCode: 130 })
})

test('the passcode that the user needs as well is asked for too', async () => {
  await requireBoth()
  const { exitCode, text } = await onTerminal({
    'Password: ': () => 's3cret-word\r',
    'Passcode: ': () => `${passcode()}\r`,
  })
  expect({ exitCode, text }).toEqual({ exitCode: 0, text: 'Password: \nPasscode: \n[]\n' })
})

async function requireBoth(): Promise<void> {
  const domain = { id: 'default' }
  const identity = { methods: ['password'], password: { user: { name: 'demo', domain, password: 's3cret-word' } } }
  const call = (method: string, where: string, body: object, token = '') =>
    fetch(`${cloud.authUrl}${where}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-auth-token': token },
      body: JSON.stringify(body),
    })
  const scope = { project: { name: 'demo', domain } }
  const response = await call('POST', '/auth/tokens', { auth: { identity, scope } })
  const { token } = (await response.json()) as { token: { user: { id: string } } }
  const user = { options: { multi_factor_auth_rules: [['password', 'totp']] } }
  const own = response.headers.get('x-subject-token') ?? ''
  expect((await call('PATCH', `/users/${token.user.id}`, { user }, own)).status).toBe(200)
}

function passcode(): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const hash = createHmac('sha1', '12345678901234567890').update(counter).digest()
  return String((hash.readUInt32BE((hash[19] ?? 0) % 16) % 2 ** 31) % 1_000_000).padStart(6, '0')
}
