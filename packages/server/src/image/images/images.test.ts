import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud({ quotas: { properties: 2 } })
})
afterAll(() => cloud.close())

const patch = (id: string, operations: unknown) =>
  cloud.demo.call('PATCH', `/v2/images/${id}`, {
    data: JSON.stringify(operations),
    headers: { 'content-type': 'application/openstack-images-v2.1-json-patch; charset=utf-8' },
  })

test('a created image is told where it is and how it can be filled', async () => {
  const made = await cloud.demo.call('POST', '/v2/images', { json: { name: 'a' } })
  expect(made.status).toBe(201)
  expect(made.headers.get('location')).toBe(`/v2/images/${String(made.body['id'])}`)
  expect(made.headers.get('openstack-image-import-methods')).toContain('web-download')
  expect(made.headers.get('openstack-image-store-ids')).toBeNull()
})

test('the id of a deleted image is never given again', async () => {
  const id = await cloud.demo.create()
  expect((await cloud.demo.call('DELETE', `/v2/images/${id}`)).status).toBe(204)
  expect((await cloud.demo.call('POST', '/v2/images', { json: { id } })).status).toBe(409)
})

test('an image as marker must be one that the caller sees', async () => {
  const id = await cloud.alt.create()
  expect((await cloud.demo.call('GET', `/v2/images?marker=${id}`)).status).toBe(403)
})

test('a filter that looks like a range of nothing is refused, where Glance breaks', async () => {
  expect((await cloud.demo.call('GET', '/v2/images?cpu_min=2')).status).toBe(400)
  expect((await cloud.demo.call('GET', '/v2/images?cpu_min=many')).status).toBe(400)
})

test('an image above the quota of properties can be changed, but takes no more of them', async () => {
  const id = await cloud.demo.create({ a: '1', b: '2' })
  expect((await patch(id, [{ op: 'add', path: '/c', value: '3' }])).status).toBe(413)
  expect((await patch(id, [{ op: 'replace', path: '/b', value: '3' }])).status).toBe(200)
  expect((await cloud.demo.call('POST', '/v2/images', { json: { a: '1', b: '2', c: '3' } })).status).toBe(413)
})

test('a property called __proto__ is a property', async () => {
  const id = await cloud.demo.create()
  const changed = await patch(id, [{ op: 'add', path: '/__proto__', value: 'x' }])
  expect(changed.status).toBe(200)
  expect(changed.text).toContain('"__proto__":"x"')
})

test('an image has no imports here, and only its id is needed to hear so', async () => {
  const id = await cloud.demo.create()
  expect((await cloud.demo.call('GET', `/v2/images/${id}/tasks`)).body).toEqual({ tasks: [] })
  expect((await cloud.alt.call('GET', `/v2/images/${id}/tasks`)).status).toBe(404)
})

test('half a body and a body where none belongs are 400', async () => {
  const id = await cloud.demo.create()
  const json = { 'content-type': 'application/json' }
  expect((await cloud.demo.call('POST', '/v2/images', { data: '{"name":', headers: json })).status).toBe(400)
  expect((await cloud.demo.call('POST', '/v2/images', { data: '5', headers: json })).status).toBe(400)
  expect((await cloud.demo.call('DELETE', `/v2/images/${id}`, { data: '{}', headers: json })).status).toBe(400)
})

test.each([{ name: 'a\0b' }, { 'a\0b': 'c' }, { a: 'b\0c' }, { tags: ['\ud800'] }])(
  '%j cannot be kept as it is, so it is refused',
  async (json) => {
    expect((await cloud.demo.call('POST', '/v2/images', { json })).status).toBe(400)
  },
)
