import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startCloud, type EmbeddedCloud } from '@tyrax/server'
import { makeCertificates, startTlsFront, type TlsFront } from '@tyrax/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

const users = [
  { name: '0042', password: '0123456789', project: '0001', roles: ['member'] },
  { name: 'ci', password: '12345678901234567890123', project: '0001', roles: ['member'] },
  { name: 'ci2', password: '12.50', project: 'build', roles: ['member'] },
  { name: 'yes', password: '1_000', project: '1e3', roles: ['member'] },
  { name: 'null', password: '~', project: '0o17', roles: ['member'] },
]
const { ca, server } = makeCertificates('IP:127.0.0.1')
let cloud: EmbeddedCloud
let front: TlsFront

beforeAll(async () => {
  cloud = await startCloud({ port: 0, config: { users } })
  front = await startTlsFront(Number(new URL(cloud.authUrl).port), server)
})
afterAll(async () => {
  await front[Symbol.asyncDispose]()
  await cloud.close()
})

const env = (more: Record<string, string> = {}) => ({
  OS_AUTH_URL: cloud.authUrl,
  OS_USERNAME: 'ci2',
  OS_PASSWORD: '12.50',
  OS_PROJECT_NAME: 'build',
  OS_USER_DOMAIN_NAME: 'Default',
  OS_PROJECT_DOMAIN_NAME: 'Default',
  ...more,
})

const signIn = ['auth', 'check', '--retries', '0', '-f', 'value', '-c', 'ok'] as const

test.each(['zero', 'long', 'dec', 'word'])('names and passwords without quotes sign in: %s', async (name) => {
  const home = await makeHome()
  const domains = 'user_domain_name: Default, project_domain_name: Default'
  const entry = (user: string, password: string, project: string) =>
    `{ auth: { auth_url: "${cloud.authUrl}", username: ${user}, password: ${password}, project_name: ${project}, ${domains} } }`
  const clouds = {
    zero: entry('0042', '0123456789', '0001'),
    long: entry('ci', '12345678901234567890123', '0001'),
    dec: entry('ci2', '12.50', 'build'),
    word: entry('yes', '1_000', '1e3'),
  }
  const lines = Object.entries(clouds).map(([key, value]) => `  ${key}: ${value}\n`)
  await writeFile(path.join(home, 'clouds.yaml'), `clouds:\n${lines.join('')}`, { mode: 0o600 })
  expect(await run(home, ['--os-cloud', name, ...signIn])).toMatchObject({ exitCode: 0, stdout: 'true\n', stderr: '' })
})

test.each(users)('the clouds.yaml of the embedded cloud says what is meant: $name', async ({ name }) => {
  const home = await makeHome()
  await writeFile(path.join(home, 'clouds.yaml'), cloud.cloudsYaml, { mode: 0o600 })
  expect(await run(home, ['--os-cloud', name, ...signIn])).toMatchObject({ exitCode: 0, stdout: 'true\n' })
})

test.each([
  ['"12.50"', 'OS_PASSWORD has quotes around it'],
  ["'12.50'", 'OS_PASSWORD has quotes around it'],
  ['12.50\r', 'OS_PASSWORD ends with a carriage return'],
  ['12.50 ', 'OS_PASSWORD has spaces around it'],
  ['12.50\u00a0', 'OS_PASSWORD has a non-breaking or invisible space in it'],
])('a password %j that is refused is named in the hint, and not shown', async (password, hint) => {
  const ran = await run(await makeHome(), signIn, { env: env({ OS_PASSWORD: password }) })
  expect(ran).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(`hint: ${hint}`) })
  expect(ran.stderr).not.toContain('12.50')
  expect(ran.stderr).toContain('the user, the password, the project')
})

test('OS_CACERT may be the text of the certificate, and auth check does not repeat it', async () => {
  const https = { OS_AUTH_URL: `${front.url}/identity/v3`, OS_CACERT: ca }
  const ran = await run(await makeHome(), ['auth', 'check', '--retries', '0', '-f', 'json'], { env: env(https) })
  expect(ran.exitCode).toBe(0)
  expect(ran.stdout).toContain('the text of a certificate or key\\" from OS_CACERT')
  expect(ran.stdout + ran.stderr).not.toContain('BEGIN CERTIFICATE')
})

test('a file of authorities that is something else is named before anything is sent', async () => {
  const home = await makeHome()
  await writeFile(path.join(home, 'ca.pem'), Buffer.from(ca.replaceAll(/-----.*-----/g, ''), 'base64'))
  const https = { OS_AUTH_URL: `${front.url}/identity/v3`, OS_CACERT: path.join(home, 'ca.pem') }
  const ran = await run(home, signIn, { env: env(https) })
  expect(ran).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('which is a certificate in DER form') })
  expect(ran.stderr).toContain(`hint: convert it with openssl x509 -inform der -in ${home}/ca.pem`)
})
