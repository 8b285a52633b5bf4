import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startCloud, type EmbeddedCloud } from '@tyrax/server'
import { makeCertificates, startProxyServer, startTlsFront, type TlsFront } from '@tyrax/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runBundle } from '../testing/bundle.js'
import type { RunOptions } from '../testing/command-line.js'
import { makeHome } from '../testing/home.js'

// All tests use the built bundle: it contains only some of the code in the sources, and it is what users have.

const certificates = makeCertificates('IP:127.0.0.1')
let cloud: EmbeddedCloud
let front: TlsFront
let strict: TlsFront
let home: string
let authority: string

beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  const port = Number(new URL(cloud.authUrl).port)
  front = await startTlsFront(port, certificates.server)
  strict = await startTlsFront(port, { ...certificates.server, ca: certificates.ca, requestCert: true })
  home = await makeHome()
  authority = path.join(home, 'ca.pem')
  await writeFile(authority, certificates.ca)
  await writeFile(path.join(home, 'client.pem'), certificates.client.cert)
  await writeFile(path.join(home, 'client.key'), certificates.client.key)
})
afterAll(async () => {
  await front[Symbol.asyncDispose]()
  await strict[Symbol.asyncDispose]()
  await cloud.close()
})

/** A cloud at an address, configured entirely by the environment. */
function at(url: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    OS_AUTH_URL: `${url}/identity/v3`,
    OS_IMAGE_ENDPOINT_OVERRIDE: `${url}/image`,
    OS_OBJECT_STORE_ENDPOINT_OVERRIDE: `${url}/object-store/v1/AUTH_%(project_id)s`,
    OS_USERNAME: 'demo',
    OS_PASSWORD: 'secret',
    OS_PROJECT_NAME: 'demo',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    ...more,
  }
}

const tyrax = (argv: readonly string[], env: Record<string, string>, options: RunOptions = {}) =>
  runBundle(home, [...argv, '--retries', '0'], { ...options, env })

async function roundTrip(env: Record<string, string>): Promise<void> {
  const data = Buffer.alloc(3_000_000, 'tyrax ')
  const made = await tyrax(['create', 'x', '--file', '-', '--disk-format', 'raw', '-f', 'id'], env, { stdin: data })
  expect(made).toMatchObject({ exitCode: 0 })
  const id = made.stdout.trim()
  const got = await tyrax(['download', id, '--output', '-'], env)
  expect(got).toMatchObject({ exitCode: 0 })
  expect(createHash('sha256').update(got.stdoutBytes).digest()).toEqual(createHash('sha256').update(data).digest())
  expect(await tyrax(['rm', id], env)).toMatchObject({ exitCode: 0 })
}

test('an image goes up and down over TLS, its authority named by variable, flag or clouds.yaml', async () => {
  await roundTrip(at(front.url, { OS_CACERT: authority }))
  expect(await tyrax(['list', '--os-cacert', authority, '-f', 'json'], at(front.url))).toMatchObject({ exitCode: 0 })
  const auth = { auth_url: `${front.url}/identity`, username: 'demo', password: 'secret', project_name: 'demo' }
  const entry = { auth, cacert: authority, image_endpoint_override: `${front.url}/image` }
  const folder = await makeHome()
  await writeFile(path.join(folder, 'clouds.yaml'), JSON.stringify({ clouds: { secure: entry } }))
  expect(await runBundle(folder, ['list', '--os-cloud', 'secure', '-f', 'json'])).toMatchObject({ stdout: '[]\n' })
})

test('where Keystone is plain http, the authorities of other programs are read for the first encrypted connection', async () => {
  const list = ['list', '-f', 'json']
  const ok = { exitCode: 0, stdout: '[]\n' }
  const nowhere = { REQUESTS_CA_BUNDLE: '/nowhere.pem' }
  expect(await tyrax(list, at(cloud.url, nowhere))).toMatchObject(ok)
  const encrypted = { OS_IMAGE_ENDPOINT_OVERRIDE: `${front.url}/image` }
  expect(await tyrax(list, at(cloud.url, { ...encrypted, REQUESTS_CA_BUNDLE: authority }))).toMatchObject(ok)
  expect(await tyrax(list, at(cloud.url, { ...encrypted, ...nowhere }))).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('cacert (REQUESTS_CA_BUNDLE) names /nowhere.pem, which cannot be read (ENOENT)'),
  })
})

test('the variables of other programs name the authority, below the settings of the cloud', async () => {
  await roundTrip(at(front.url, { REQUESTS_CA_BUNDLE: authority, SSL_CERT_FILE: '/nowhere.pem' }))
  const ok = { exitCode: 0, stdout: '[]\n' }
  const list = ['list', '-f', 'json']
  expect(await tyrax(list, at(front.url, { CURL_CA_BUNDLE: authority }))).toMatchObject(ok)
  expect(await tyrax(list, at(front.url, { SSL_CERT_FILE: authority }))).toMatchObject(ok)
  expect(await tyrax(list, at(front.url, { OS_CACERT: authority, REQUESTS_CA_BUNDLE: '/nowhere.pem' }))).toMatchObject(
    ok,
  )
  const text = (await readFile(authority, 'utf8')).replaceAll('\n', String.raw`\n`)
  expect(await tyrax(list, at(front.url, { OS_CACERT: text, REQUESTS_CA_BUNDLE: '/nowhere.pem' }))).toMatchObject(ok)
  const image = ['create', 'x', '--file', `${front.url}/x.raw`]
  for (const argv of [list, image]) {
    expect(await tyrax(argv, at(front.url, { REQUESTS_CA_BUNDLE: '/nowhere.pem' }))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('cacert (REQUESTS_CA_BUNDLE) names /nowhere.pem, which cannot be read (ENOENT)'),
    })
  }
  const key = path.join(home, 'client.key')
  expect(await tyrax(list, at(front.url, { OS_CACERT: key }))).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`cacert (OS_CACERT) names ${key}, which holds a private key and no certificate`),
  })
  expect(await tyrax([...list, '--os-cacert', key], at(front.url))).toMatchObject({
    stderr: expect.stringContaining(`--os-cacert names ${key}, which holds a private key and no certificate`),
  })
})

test('an authority that is not known is refused, and taken with --insecure', async () => {
  const refused = await tyrax(['list'], at(front.url))
  expect(refused).toMatchObject({ exitCode: 10, stderr: expect.stringContaining('OS_CACERT') })
  expect(await tyrax(['list', '--insecure', '-f', 'json'], at(front.url))).toMatchObject({
    exitCode: 0,
    stdout: '[]\n',
  })
})

test('a client certificate opens a cloud that wants one', async () => {
  const env = at(strict.url, { OS_CACERT: authority })
  expect(await tyrax(['list'], env)).toMatchObject({ exitCode: 10 })
  const [cert, key] = [path.join(home, 'client.pem'), path.join(home, 'client.key')]
  await roundTrip({ ...env, OS_CERT: cert, OS_KEY: key })
  const flags = ['--os-cert', cert, '--os-key', key]
  expect(await tyrax(['list', ...flags, '-f', 'json'], env)).toMatchObject({ exitCode: 0, stdout: '[]\n' })
})

test.each(['http', 'https'] as const)(
  'an image goes up and down through an %s proxy with credentials',
  async (scheme) => {
    const tls = scheme === 'https' ? certificates.server : undefined
    await using proxy = await startProxyServer({ tls, credentials: 'op:p%ss' })
    const own = `${scheme}://op:p%ss@127.0.0.1:${proxy.port}`
    await roundTrip(at(front.url, { OS_CACERT: authority, https_proxy: own }))
    await roundTrip(at(strict.url, { OS_CACERT: authority, HTTPS_PROXY: own, ...clientCertificate() }))
    await roundTrip(at(new URL(cloud.authUrl).origin, { OS_CACERT: authority, http_proxy: own }))
    const tunnels = [front, strict].map(({ port }) => `CONNECT 127.0.0.1:${port}`)
    expect(new Set(proxy.requests.filter((line) => line.startsWith('CONNECT')))).toEqual(new Set(tunnels))
    expect(proxy.requests).toContainEqual(expect.stringMatching(/^PUT http:.*\/file$/))
    expect(proxy.requests.join()).not.toMatch(/CONNECT [^,]*\/|(GET|PUT) https/)
  },
)

const clientCertificate = () => ({ OS_CERT: path.join(home, 'client.pem'), OS_KEY: path.join(home, 'client.key') })

test('a proxy that refuses is named, with exit code 10 and without its password', async () => {
  await using proxy = await startProxyServer({ credentials: 'op:right' })
  for (const url of [front.url, new URL(cloud.authUrl).origin]) {
    const all_proxy = `http://op:wr0ng@127.0.0.1:${proxy.port}`
    const refused = await tyrax(['list', '--debug'], at(url, { OS_CACERT: authority, all_proxy }))
    expect(refused).toMatchObject({ exitCode: 10, stderr: expect.stringContaining(proxy.url) })
    expect(refused.stderr).not.toMatch(/wr0ng|this\[_\]|is not a function/)
  }
})

test.each([
  'http://user:p#ss@proxy.example:3128',
  'http://proxy.example:99999',
  ' ',
  'socks5h://user:p%23ss@proxy.example:1080',
])('no command goes to the cloud directly when its proxy cannot be used: %s', async (value) => {
  const refused = await tyrax(['list'], at(front.url, { OS_CACERT: authority, HTTPS_PROXY: value }))
  expect(refused).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('HTTPS_PROXY') })
  expect(refused.stderr).not.toMatch(/ss@|99999/)
})

test('no_proxy goes around the proxy', async () => {
  await using proxy = await startProxyServer()
  for (const no_proxy of ['127.0.0.1', '*', 'example.com, 127.0.0.0/8', `127.0.0.1:${front.port}`]) {
    const env = at(front.url, { OS_CACERT: authority, https_proxy: proxy.url, no_proxy })
    expect(await tyrax(['list', '-f', 'json'], env)).toMatchObject({ exitCode: 0, stdout: '[]\n' })
  }
  expect(proxy.requests).toEqual([])
})

test('the embedded cloud is reached directly, whatever proxy is set', async () => {
  const own = await makeHome()
  const env = { http_proxy: 'http://127.0.0.1:9', all_proxy: 'socks5://127.0.0.1:9' }
  const listed = await runBundle(own, ['list', '--os-cloud', 'embedded', '-f', 'json'], { env })
  expect(listed).toMatchObject({ exitCode: 0, stdout: '[]\n' })
})
