import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../../start-cloud.js'
import { login } from '../../testing/sign-in.js'

let data: string
let cloud: EmbeddedCloud

beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'tyrax-expiry-'))
  cloud = await startCloud({ port: 0, data })
})
afterEach(async () => {
  await cloud.close()
  await rm(data, { recursive: true })
})

async function swift() {
  const { token, projectId } = await login(cloud.authUrl, 'demo')
  return (method: string, at: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`${cloud.objectStoreUrl}/AUTH_${projectId}${at}`, {
      method,
      headers: { 'x-auth-token': token, ...headers },
      ...(body === undefined ? {} : { body }),
    })
}

async function storedFiles(): Promise<number> {
  const entries = await readdir(path.join(data, 'blobs'), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).length
}

test('an expired object leaves the listing and the counts, and its bytes the disk', async () => {
  const call = await swift()
  await call('PUT', '/c')
  await call('PUT', '/c/kept', {}, 'kept')
  for (const seconds of [2, 1, 1000])
    expect((await call('PUT', `/c/${seconds}`, { 'x-delete-after': String(seconds) }, 'x')).status).toBe(201)
  await expect.poll(storedFiles).toBe(2)
  expect(await (await call('GET', '/c')).text()).toBe('1000\nkept\n')
  const head = await call('HEAD', '/c')
  expect([head.headers.get('x-container-object-count'), head.headers.get('x-container-bytes-used')]).toEqual(['2', '5'])
})

test('an object that expired while the cloud was stopped is removed by the next one', async () => {
  const call = await swift()
  await call('PUT', '/c')
  await call('PUT', '/c/o', { 'x-delete-after': '5' }, 'x')
  await cloud.close()
  expect(await storedFiles()).toBe(1)
  cloud = await startCloud({ port: 0, data })
  await expect.poll(storedFiles).toBe(0)
  expect((await (await swift())('GET', '/c')).status).toBe(204)
})

test('an expiry that was taken off does not remove the object', async () => {
  const call = await swift()
  await call('PUT', '/c')
  for (const name of ['a', 'b']) await call('PUT', `/c/${name}`, { 'x-delete-after': '5' }, 'x')
  expect((await call('POST', '/c/a')).status).toBe(202)
  await expect.poll(storedFiles).toBe(1)
  expect((await call('GET', '/c/a')).status).toBe(200)
})
