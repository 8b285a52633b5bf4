import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../../start-cloud.js'
import { call, login } from '../../testing/sign-in.js'
import { isSignatureOf, parseSignature } from './signature.js'

let cloud: EmbeddedCloud
let account: string

beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  const { token, projectId } = await login(cloud.authUrl, 'demo')
  account = `/v1/AUTH_${projectId}`
  const base = `${cloud.url}/object-store${account}`
  await call('PUT', `${base}/c`, { token, headers: { 'x-container-meta-temp-url-key': 'key' } })
  await call('PUT', `${base}/c/o`, { token, data: 'data' })
})
afterAll(() => cloud.close())

test.each(['', '/object-store'])('the signed path may begin with "%s" before /v1', async (beginning) => {
  const expires = Math.floor(Date.now() / 1000) + 600
  const sig = createHmac('sha256', 'key').update(`GET\n${expires}\n${beginning}${account}/c/o`).digest('hex')
  const url = `${cloud.url}/object-store${account}/c/o?temp_url_sig=${sig}&temp_url_expires=${expires}`
  expect(await call('GET', url)).toMatchObject({ status: 200, text: 'data' })
})

test('a signature is of one text, key and digest', () => {
  const hex = createHmac('sha1', 'key').update('text').digest('hex')
  const signature = { digest: 'sha1', hex } as const
  expect(parseSignature(hex)).toEqual(signature)
  expect(isSignatureOf(signature, 'text', 'key')).toBe(true)
  expect(isSignatureOf(signature, 'text', 'other')).toBe(false)
  expect(isSignatureOf(signature, 'other', 'key')).toBe(false)
  expect(isSignatureOf({ ...signature, digest: 'sha256' }, 'text', 'key')).toBe(false)
})
