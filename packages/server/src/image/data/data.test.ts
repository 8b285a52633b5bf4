import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud({ quotas: { imageSizeCapBytes: 100_000 } })
})
afterAll(() => cloud.close())

/** A body that pauses between its two pieces until it is released. */
function halfSent(first: string, rest: string) {
  let go: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    go = resolve
  })
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Buffer.from(first))
    },
    async pull(controller) {
      await released
      controller.enqueue(Buffer.from(rest))
      controller.close()
    },
  })
  return { body, finish: () => go() }
}

const becomes = (id: string, status: string) =>
  expect.poll(async () => (await cloud.demo.read(id))['status']).toBe(status)

test('an upload past the size cap is 413, leaves the image queued, and the connection in use', async () => {
  const id = await cloud.demo.create()
  const answer = await cloud.demo.upload(id, Buffer.alloc(3_000_000))
  expect(answer.status).toBe(413)
  expect(answer.body['title']).toBe('Request Entity Too Large')
  expect(await cloud.demo.read(id)).toMatchObject({ status: 'queued', size: null, checksum: null })
  expect((await cloud.demo.upload(id, Buffer.alloc(100_000))).status).toBe(204)
})

test('while one upload runs the image is saving, and a second one is 409', async () => {
  const id = await cloud.demo.create()
  const { body, finish } = halfSent('first ', 'second')
  const first = cloud.demo.upload(id, body)
  await becomes(id, 'saving')
  expect((await cloud.demo.upload(id, 'other')).status).toBe(409)
  finish()
  expect((await first).status).toBe(204)
  expect(await cloud.demo.read(id)).toMatchObject({ status: 'active', size: 12 })
})

test('an image deleted during its upload answers the uploader with 410', async () => {
  const id = await cloud.demo.create()
  const { body, finish } = halfSent('first ', 'second')
  const upload = cloud.demo.upload(id, body)
  await becomes(id, 'saving')
  expect((await cloud.demo.call('DELETE', `/v2/images/${id}`)).status).toBe(204)
  finish()
  expect((await upload).status).toBe(410)
  expect((await cloud.demo.call('GET', `/v2/images/${id}`)).status).toBe(404)
})

test('a reader of the project sees an image but not its bytes, and brings none', async () => {
  const id = await cloud.demo.create()
  expect((await cloud.reader.upload(id, 'x')).status).toBe(403)
  await cloud.demo.upload(id, 'x')
  expect((await cloud.reader.call('GET', `/v2/images/${id}`)).status).toBe(200)
  expect((await cloud.reader.call('GET', `/v2/images/${id}/file`)).status).toBe(403)
})

test('a range of an image without data breaks, as it does at Glance', async () => {
  const id = await cloud.demo.create()
  const file = `/v2/images/${id}/file`
  expect((await cloud.demo.call('GET', file, { headers: { range: 'bytes=0-' } })).status).toBe(416)
  expect((await cloud.demo.call('GET', file)).status).toBe(204)
})

test('choosing a store is 400 where there is only one', async () => {
  const id = await cloud.demo.create()
  await cloud.demo.upload(id, 'x')
  expect((await cloud.demo.call('GET', `/v2/images/${id}/file?prefer=fast`)).status).toBe(400)
})

test('a container format other than bare is not looked into', async () => {
  const id = await cloud.demo.create({ disk_format: 'qcow2', container_format: 'ova' })
  expect((await cloud.demo.upload(id, 'no qcow2')).status).toBe(204)
  expect(await cloud.demo.read(id)).toMatchObject({ status: 'active', virtual_size: null })
})

test('a client that goes away during a download leaves the cloud as it was', async () => {
  const id = await cloud.demo.create()
  await cloud.demo.upload(id, Buffer.alloc(100_000, 7))
  const abort = new AbortController()
  const response = await fetch(`${cloud.url}/v2/images/${id}/file`, {
    headers: { 'x-auth-token': cloud.demo.token },
    signal: abort.signal,
  })
  expect(response.status).toBe(200)
  abort.abort()
  expect((await cloud.demo.call('GET', `/v2/images/${id}/file`)).text).toHaveLength(100_000)
})

test('with several stores data goes to the chosen one, else to the default, and its place is told', async () => {
  const several = await startImageCloud({ stores: [{ id: 'cheap' }, { id: 'fast', default: true }] })
  try {
    const { demo } = several
    const made = await demo.call('POST', '/v2/images', { json: {} })
    expect(made.headers.get('openstack-image-store-ids')).toBe('cheap,fast')
    const [one, two, three] = [await demo.create(), await demo.create(), await demo.create()]
    expect((await demo.upload(one, 'x')).status).toBe(204)
    expect((await demo.upload(two, 'x', { 'x-image-meta-store': 'cheap' })).status).toBe(204)
    expect((await demo.upload(three, 'x', { 'x-image-meta-store': 'none' })).status).toBe(400)
    expect([await demo.read(one), await demo.read(two), await demo.read(three)]).toMatchObject([
      { stores: 'fast' },
      { stores: 'cheap' },
      { status: 'queued' },
    ])
    expect((await demo.call('GET', `/v2/images/${two}/file?prefer=cheap,fast`)).text).toBe('x')
    expect((await demo.call('GET', `/v2/images/${two}/file?prefer=none`)).status).toBe(400)
  } finally {
    await several.close()
  }
})
