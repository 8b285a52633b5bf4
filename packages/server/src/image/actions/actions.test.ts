import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud()
})
afterAll(() => cloud.close())

test('deactivating blocks the bytes until the image is reactivated; repeating changes nothing', async () => {
  const { demo, admin } = cloud
  const id = await demo.create()
  await demo.upload(id, 'x')
  const run = (action: string) => demo.call('POST', `/v2/images/${id}/actions/${action}`).then(({ status }) => status)
  expect([await run('deactivate'), await run('deactivate')]).toEqual([204, 204])
  expect((await demo.call('GET', `/v2/images/${id}/file`)).status).toBe(403)
  expect((await admin.call('GET', `/v2/images/${id}/file`)).text).toBe('x')
  expect([await run('reactivate'), await run('reactivate')]).toEqual([204, 204])
  expect((await demo.call('GET', `/v2/images/${id}/file`)).text).toBe('x')
})

test('an image without data knows neither action', async () => {
  const id = await cloud.demo.create()
  expect((await cloud.demo.call('POST', `/v2/images/${id}/actions/deactivate`)).status).toBe(403)
  expect((await cloud.demo.call('POST', `/v2/images/${id}/actions/reactivate`)).status).toBe(403)
  const wrong = await cloud.demo.call('GET', `/v2/images/${id}/actions/reactivate`)
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
})
