import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'
import { waitForTasks } from '../testing/wait-for-task.js'

const data = 'bytes on another server'
const importFilter = { allowedHosts: ['127.0.0.1'], allowedPorts: [] }

let folder: string
let source: Server
let url: string
let respond: RequestListener
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-locations-'))
  respond = (request, response) => {
    response.setHeader('content-length', data.length)
    response.end(request.method === 'HEAD' ? '' : data)
  }
  source = createServer((request, response) => respond(request, response))
  await new Promise<void>((resolve) => {
    source.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/image`
})
afterEach(async () => {
  source.closeAllConnections()
  source.close()
  await rm(folder, { recursive: true, force: true })
})

const headers = { 'content-type': 'application/openstack-images-v2.1-json-patch' }
const add = (cloud: ImageCloud, id: string, at: string, user = cloud.demo) =>
  user.call('PATCH', `/v2/images/${id}`, {
    json: [{ op: 'add', path: '/locations/-', value: { url: at, metadata: {} } }],
    headers,
  })

test('without a configuration locations are neither shown nor changed', async () => {
  const cloud = await startImageCloud()
  try {
    const id = await cloud.demo.create()
    const refused = await add(cloud, id, url)
    expect([refused.status, refused.body['message']]).toEqual([
      403,
      expect.stringContaining(`It's not allowed to add locations if locations are invisible.`),
    ])
    const image = await cloud.demo.read(id)
    for (const key of ['locations', 'direct_url']) expect(image).not.toHaveProperty(key)
  } finally {
    await cloud.close()
  }
})

test('a cloud of one unnamed store takes URLs too, and shows the first location as direct_url', async () => {
  const cloud = await startImageCloud({ importFilter, showMultipleLocations: true, showDirectUrl: true }, folder)
  const { demo } = cloud
  const id = await demo.create()
  expect((await add(cloud, id, url)).body).toMatchObject({
    status: 'active',
    direct_url: url,
    locations: [{ url, metadata: {} }],
  })
  const uploaded = await demo.create()
  await demo.upload(uploaded, 'x')
  expect((await demo.read(uploaded))['direct_url']).toMatch(/^file:\/\/\//)
  await cloud.close()
  const again = await startImageCloud({ importFilter, showMultipleLocations: true }, folder)
  try {
    expect(await again.demo.read(id)).toMatchObject({ status: 'active', locations: [{ url, metadata: {} }] })
    expect((await again.demo.call('GET', `/v2/images/${id}/file`)).text).toBe(data)
    expect((await again.demo.call('DELETE', `/v2/images/${id}`)).status).toBe(204)
  } finally {
    await again.close()
  }
})

test('another location is read when the first one is gone, and bytes that have changed are not passed on', async () => {
  const cloud = await startImageCloud({ importFilter, showMultipleLocations: true })
  const { demo } = cloud
  const file = (id: string) => demo.call('GET', `/v2/images/${id}/file`)
  try {
    const id = await demo.create()
    await add(cloud, id, `${url}/1`)
    await add(cloud, id, `${url}/2`)
    respond = (request, response) => {
      if (request.url === '/image/1') response.writeHead(404).end()
      else response.end(data)
    }
    expect((await file(id)).text).toBe(data)
    respond = (_request, response) => response.end('fewer')
    await expect(file(id)).rejects.toThrow(/terminated|fetch failed/)
    respond = (_request, response) => response.end(`${data} and more`)
    expect((await file(id).catch(() => ({ text: '' }))).text).not.toContain('more')
  } finally {
    await cloud.close()
  }
})

test('a caller that may not add a location does not make the cloud ask for it', async () => {
  const cloud = await startImageCloud({ importFilter, showMultipleLocations: true })
  try {
    let asked = 0
    respond = (_request, response) => {
      asked += 1
      response.writeHead(404).end()
    }
    const id = await cloud.demo.create({ visibility: 'community' })
    expect((await add(cloud, id, url, cloud.alt)).status).toBe(403)
    expect((await add(cloud, id, url, cloud.reader)).status).toBe(403)
    expect(asked).toBe(0)
  } finally {
    await cloud.close()
  }
})

test('an image on another server is copied into a store', async () => {
  const cloud = await startImageCloud({
    importFilter,
    showMultipleLocations: true,
    stores: [{ id: 'fast' }, { id: 'web', type: 'http' }],
  })
  try {
    const id = await cloud.demo.create()
    await add(cloud, id, url)
    const json = { method: { name: 'copy-image' }, stores: ['fast'] }
    expect((await cloud.admin.call('POST', `/v2/images/${id}/import`, { json })).status).toBe(202)
    expect(await waitForTasks(cloud, id)).toMatchObject([{ status: 'success' }])
    expect(await cloud.demo.read(id)).toMatchObject({ stores: 'web,fast' })
    expect((await cloud.admin.call('DELETE', `/v2/stores/web/${id}`)).status).toBe(204)
    source.closeAllConnections()
    respond = (_request, response) => response.writeHead(404).end()
    expect((await cloud.demo.call('GET', `/v2/images/${id}/file`)).text).toBe(data)
  } finally {
    await cloud.close()
  }
})

test('while the hash is computed the image shows its algorithm, and deleting the image ends that', async () => {
  const cloud = await startImageCloud({
    importFilter,
    stores: [{ id: 'fast' }, { id: 'web', type: 'http' }],
  })
  try {
    let isConnected = false
    respond = (request, response) => {
      response.setHeader('content-length', 1_000_000)
      if (request.method === 'HEAD') {
        response.end()
        return
      }
      // Then it is silent.
      response.write(data)
      isConnected = true
      response.on('close', () => (isConnected = false))
    }
    const { demo } = cloud
    const id = await demo.create()
    expect((await demo.call('POST', `/v2/images/${id}/locations`, { json: { url } })).status).toBe(202)
    await expect.poll(() => isConnected).toBe(true)
    expect(await demo.read(id)).toMatchObject({ status: 'active', os_hash_algo: 'sha512', os_hash_value: null })
    expect((await demo.call('DELETE', `/v2/images/${id}`)).status).toBe(204)
    await expect.poll(() => isConnected).toBe(false)
  } finally {
    await cloud.close()
  }
})
