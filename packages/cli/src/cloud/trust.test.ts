import { chmod, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startCloud, type EmbeddedCloud } from '@tyrax/server'
import { type Certificates, makeCertificates, startProxyServer, startTlsFront } from '@tyrax/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'

let cloud: EmbeddedCloud
let certificates: Certificates
beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  certificates = makeCertificates('IP:127.0.0.1')
})
afterAll(() => cloud.close())

/** The embedded cloud with a Keystone over https, whose catalogue lists plain http. */
async function securedCloud() {
  const front = await startTlsFront(Number(new URL(cloud.authUrl).port), certificates.server)
  const home = await makeHome()
  const secured = cloud.cloudsYaml.replaceAll(/auth_url:.*/g, `auth_url: ${front.url}/identity/v3`)
  await writeFile(path.join(home, 'clouds.yaml'), secured, { mode: 0o600 })
  await writeFile(path.join(home, 'ca.pem'), certificates.ca)
  const tyrax = (...argv: string[]) => run(home, ['--os-cloud', 'demo', ...argv])
  const tokens = () => readdir(path.join(home, '.cache', 'tyrax', 'tokens')).catch(() => [])
  return { front, home, tyrax, tokens, [Symbol.asyncDispose]: () => front[Symbol.asyncDispose]() }
}

const list = ['list', '-f', 'json', '-q', '--retries', '0']

test('what was got with --insecure is kept for no other run', async () => {
  await using at = await securedCloud()
  expect(await at.tyrax('--insecure', ...list)).toMatchObject({ exitCode: 0, stdout: '[]\n' })
  expect(await at.tokens()).toEqual([])
  expect(await at.tyrax(...list)).toMatchObject({ exitCode: 10, stdout: '' })
  await at.front[Symbol.asyncDispose]()
  expect(await at.tyrax('--os-cacert', path.join(at.home, 'ca.pem'), ...list)).toMatchObject({
    exitCode: 10,
    stdout: '',
  })
})

test('a kept token is used by runs that trust the same, and by no other', async () => {
  await using at = await securedCloud()
  const verified = ['--os-cacert', path.join(at.home, 'ca.pem')]
  expect(await at.tyrax(...verified, ...list)).toMatchObject({ exitCode: 0, stdout: '[]\n' })
  expect(await at.tokens()).toHaveLength(1)
  await writeFile(path.join(at.home, 'same.pem'), certificates.ca)
  await writeFile(path.join(at.home, 'client.pem'), certificates.client.cert + certificates.client.key)
  await at.front[Symbol.asyncDispose]()
  // From here on, only a cached token works.
  expect(await at.tyrax(...verified, ...list)).toMatchObject({ exitCode: 0, stdout: '[]\n' })
  expect(await at.tyrax('--os-cacert', path.join(at.home, 'same.pem'), ...list)).toMatchObject({ exitCode: 0 })
  expect(await at.tyrax(...list)).toMatchObject({ exitCode: 10 })
  const client = ['--os-cert', path.join(at.home, 'client.pem')]
  expect(await at.tyrax(...verified, ...client, ...list)).toMatchObject({ exitCode: 10 })
  await writeFile(path.join(at.home, 'ca.pem'), makeCertificates('IP:127.0.0.1').ca)
  expect(await at.tyrax(...verified, ...list)).toMatchObject({ exitCode: 10 })
})

test('a run through a proxy asks through the proxy', async () => {
  await using at = await securedCloud()
  await using proxy = await startProxyServer()
  const verified = ['--os-cloud', 'demo', '--os-cacert', path.join(at.home, 'ca.pem'), ...list]
  const env = { https_proxy: proxy.url, no_proxy: '' }
  expect(await run(at.home, verified)).toMatchObject({ exitCode: 0 })
  expect(await run(at.home, verified, { env })).toMatchObject({ exitCode: 0 })
  expect(await run(at.home, verified, { env })).toMatchObject({ exitCode: 0 })
  expect(proxy.requests).toEqual([`CONNECT 127.0.0.1:${at.front.port}`])
})

test('an http endpoint behind an https Keystone is said once, on stderr', async () => {
  await using at = await securedCloud()
  const verified = ['--os-cacert', path.join(at.home, 'ca.pem')]
  const text =
    /^warning: token and data go unencrypted to http:\/\/127\.0\.0\.1:\d+\/image\/v2: .*--os-image-endpoint-override\n$/
  for (const format of ['value', 'csv', 'table']) {
    const { exitCode, stderr } = await at.tyrax(...verified, 'list', '-f', format)
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(text)
  }
  const json = await at.tyrax(...verified, 'list', '-f', 'json')
  expect(json).toMatchObject({ exitCode: 0, stdout: '[]\n' })
  expect(JSON.parse(json.stderr)).toEqual({ warning: expect.stringContaining('go unencrypted') })
  expect(await at.tyrax(...verified, 'list', '-q')).toMatchObject({ exitCode: 0, stderr: '' })
  const debug = await at.tyrax(...verified, 'list', '--debug')
  expect(debug.stderr.match(/go unencrypted/g)).toHaveLength(1)
  expect(await at.tyrax(...verified, 'object', 'list', 'none').then(({ stderr }) => stderr)).toMatch(
    /object-store service/,
  )
})

test('auth check shows where the services are and what is unencrypted', async () => {
  await using at = await securedCloud()
  const checked = await at.tyrax('--os-cacert', path.join(at.home, 'ca.pem'), 'auth', 'check', '-f', 'json')
  expect(checked.exitCode).toBe(0)
  expect(JSON.parse(checked.stdout)).toMatchObject({
    endpoints: {
      image: cloud.imageUrl.replace(/\/*$/, '').replace(/(\/v2)?$/, '/v2'),
      object_store: expect.stringMatching(/^http:/),
    },
    warnings: [
      expect.stringMatching(/unencrypted to http:.*the image service/),
      expect.stringMatching(/unencrypted to http:.*the object-store service/),
    ],
  })
})

test('where Keystone is plain http too, and where an endpoint was configured, nothing is said', async () => {
  await using at = await securedCloud()
  const override = ['--os-image-endpoint-override', cloud.imageUrl]
  const verified = ['--os-cacert', path.join(at.home, 'ca.pem')]
  expect(await at.tyrax(...verified, ...override, 'list', '-f', 'json')).toMatchObject({ exitCode: 0, stderr: '' })
  expect(await at.tyrax('--os-auth-url', cloud.authUrl, 'list', '-f', 'json')).toMatchObject({
    exitCode: 0,
    stderr: '',
  })
})

test('a clouds file that every user can change is said to be one', async () => {
  await using at = await securedCloud()
  const file = path.join(at.home, 'clouds.yaml')
  await chmod(file, 0o666)
  const { stderr, exitCode } = await at.tyrax('--os-auth-url', cloud.authUrl, 'list')
  expect(exitCode).toBe(0)
  expect(stderr).toBe(`warning: ${file} can be changed by every user of this machine: chmod o-w ${file}\n`)
})
