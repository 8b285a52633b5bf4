import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tokenCacheKey } from '../auth/cache-key.js'
import type { AuthSettings } from '../auth/methods/index.js'
import type { ConnectionOptions } from './connection-options.js'
import { serverTrust } from './server-trust.js'

const authUrl = 'https://cloud.example:5000/v3'
const auth: AuthSettings = { type: 'password', authUrl, user: { id: 'u' }, password: 'secret', scope: undefined }

const keyOf = async (options: ConnectionOptions, environment: NodeJS.ProcessEnv = {}) =>
  tokenCacheKey(auth, await serverTrust(authUrl, { env: {}, ...options }, environment))

test('what was trusted is part of a token’s key, each of it', async () => {
  const keys = await Promise.all([
    keyOf({}),
    keyOf({ ca: 'one' }),
    keyOf({ ca: 'another' }),
    keyOf({ cert: 'one' }),
    keyOf({ cert: 'one', key: 'one' }),
    keyOf({ cert: 'one', key: 'another' }),
    keyOf({ proxy: 'http://proxy.example:3128' }),
    keyOf({ proxy: 'http://proxy.example:3129' }),
    keyOf({ proxy: 'https://proxy.example:3128' }),
    keyOf({ proxy: 'http://alice@proxy.example:3128' }),
    keyOf({}, { SSL_CERT_FILE: '/etc/one.pem' }),
    keyOf({}, { SSL_CERT_DIR: '/etc/one' }),
    keyOf({}, { NODE_OPTIONS: '--use-openssl-ca' }),
    keyOf({}, { NODE_EXTRA_CA_CERTS: '/nowhere/one.pem' }),
  ])
  expect(keys).not.toContain(undefined)
  expect(new Set(keys).size).toBe(keys.length)
})

test('the same trust is the same key, however it is said', async () => {
  expect(await keyOf({ ca: 'one' })).toBe(await keyOf({ ca: 'one' }))
  const proxy = 'http://proxy.example:3128'
  expect(await keyOf({ proxy })).toBe(await keyOf({ env: { https_proxy: proxy } }))
  expect(await keyOf({ env: { https_proxy: proxy, no_proxy: 'cloud.example' } })).toBe(await keyOf({ proxy: false }))
  expect(await keyOf({ env: { http_proxy: proxy } })).toBe(await keyOf({}))
})

test('another auth URL is another key', async () => {
  const trust = await serverTrust(authUrl, { env: {} }, {})
  expect(tokenCacheKey(auth, trust)).not.toBe(
    tokenCacheKey({ ...auth, authUrl: authUrl.replace('https', 'http') }, trust),
  )
})

test('what came unverified has no key', async () => {
  expect(await keyOf({ insecure: true })).toBeUndefined()
  expect(await keyOf({ insecure: true, ca: 'one' })).toBeUndefined()
})

test('authorities that Node itself adds count by what they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tyrax-trust-'))
  try {
    const environment = { NODE_EXTRA_CA_CERTS: join(folder, 'extra.pem') }
    await writeFile(environment.NODE_EXTRA_CA_CERTS, 'one')
    const before = await keyOf({}, environment)
    expect(await keyOf({}, environment)).toBe(before)
    await writeFile(environment.NODE_EXTRA_CA_CERTS, 'another')
    expect(await keyOf({}, environment)).not.toBe(before)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('no secret is in a key, and a proxy’s password changes none', async () => {
  const [one, other] = await Promise.all([
    keyOf({ proxy: 'http://alice:hunter2@proxy.example:3128' }),
    keyOf({ proxy: 'http://alice:another@proxy.example:3128' }),
  ])
  expect(one).toBe(other)
  expect(one).not.toMatch(/hunter2|secret/)
})

test('a proxy that cannot be used is an error, not a direct connection', async () => {
  await expect(keyOf({ env: { https_proxy: 'http://h:99999' } })).rejects.toThrow(/https_proxy/)
})
