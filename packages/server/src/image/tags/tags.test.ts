import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud({ quotas: { tags: 2 } })
})
afterAll(() => cloud.close())

test('tags are put and deleted one at a time, up to the quota', async () => {
  const { demo } = cloud
  const id = await demo.create()
  const tag = (method: string, name: string) =>
    demo.call(method, `/v2/images/${id}/tags/${encodeURIComponent(name)}`).then((answer) => answer.status)
  expect([await tag('PUT', 'a b'), await tag('PUT', 'c'), await tag('PUT', 'c'), await tag('PUT', 'd')]).toEqual([
    204, 204, 204, 413,
  ])
  expect([await tag('DELETE', 'c'), await tag('DELETE', 'c')]).toEqual([204, 404])
  expect(await demo.read(id)).toMatchObject({ tags: ['a b'] })
})

test('who does not own an image does not tag it', async () => {
  const hidden = await cloud.demo.create()
  const open = await cloud.demo.create({ visibility: 'community' })
  expect((await cloud.alt.call('PUT', `/v2/images/${hidden}/tags/x`)).status).toBe(404)
  expect((await cloud.alt.call('PUT', `/v2/images/${open}/tags/x`)).status).toBe(403)
  expect((await cloud.reader.call('PUT', `/v2/images/${hidden}/tags/x`)).status).toBe(403)
})
