import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud({ quotas: { members: 2 } })
})
afterAll(() => cloud.close())

const members = (id: string, member = '') => `/v2/images/${id}/members${member && `/${member}`}`
const offer = (id: string, member: unknown) => cloud.demo.call('POST', members(id), { json: { member } })

test('an offer is pending until its member accepts, and listed to it from then on', async () => {
  const { demo, alt } = cloud
  const id = await demo.create()
  const made = await offer(id, alt.projectId)
  expect([made.status, made.body['status']]).toEqual([200, 'pending'])
  const listed = async (query = '') =>
    ((await alt.call('GET', `/v2/images${query}`)).body['images'] as { id: string }[]).some((image) => image.id === id)
  expect([await listed(), await listed('?member_status=pending'), await listed('?member_status=all')]).toEqual([
    false,
    true,
    true,
  ])
  const set = await alt.call('PUT', members(id, alt.projectId), { json: { status: 'accepted' } })
  expect([set.status, set.body['status'], await listed()]).toEqual([200, 'accepted', true])
})

test('the owner cannot answer for the member, nor a reader of the member project', async () => {
  const id = await cloud.alt.create()
  await cloud.alt.call('POST', members(id), { json: { member: cloud.demo.projectId } })
  const json = { status: 'accepted' }
  const path = members(id, cloud.demo.projectId)
  expect((await cloud.alt.call('PUT', path, { json })).status).toBe(403)
  expect((await cloud.reader.call('PUT', path, { json })).status).toBe(403)
  expect((await cloud.admin.call('PUT', path, { json })).status).toBe(200)
})

test('one member more than the quota is 413', async () => {
  const id = await cloud.demo.create()
  expect((await offer(id, 'a')).status).toBe(200)
  expect((await offer(id, 'a')).status).toBe(409)
  expect((await offer(id, 'b')).status).toBe(200)
  expect((await offer(id, 'c')).status).toBe(413)
})

test.each([[{}], [{ member: '' }], [{ member: 5 }], [[]]])('the offer %j is 400', async (json) => {
  const id = await cloud.demo.create()
  expect((await cloud.demo.call('POST', members(id), { json })).status).toBe(400)
})

test('what is not shared has no members: 403 to list, 404 to read one', async () => {
  const id = await cloud.demo.create({ visibility: 'private' })
  expect((await cloud.demo.call('GET', members(id))).status).toBe(403)
  expect((await cloud.demo.call('GET', members(id, 'x'))).status).toBe(404)
})
