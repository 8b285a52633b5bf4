import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

const nobody = { create: ['!'], read: ['!'], update: ['!'], delete: ['!'] }
let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud({
    propertyProtections: [
      { property: '^x_secret', create: ['admin'], read: ['admin'], update: ['admin'], delete: ['admin'] },
      { property: '^x_fixed', create: ['member'], read: ['@'], update: ['!'], delete: ['Admin'] },
      { property: '^x_write_only$', create: ['@'], read: ['!'], update: ['@'], delete: ['@'] },
      { property: '^x_', create: ['@'], read: ['@'], update: ['@'], delete: ['@'] },
      { property: 'os_', ...nobody },
    ],
  })
})
afterAll(() => cloud.close())

const headers = { 'content-type': 'application/openstack-images-v2.1-json-patch' }
const patch = (id: string, op: string, path: string, value?: string, user = cloud.demo) =>
  user.call('PATCH', `/v2/images/${id}`, { json: [{ op, path, ...(value !== undefined && { value }) }], headers })
const reserved = (name: string) => expect.stringContaining(`Attribute '${name}' is reserved.`)

test('a property that the caller may not read is in no response, and a save keeps it', async () => {
  const { demo, admin } = cloud
  const id = await demo.create({ x_open: '1' })
  expect((await patch(id, 'add', '/x_secret_key', 's', admin)).body).toMatchObject({ x_secret_key: 's' })
  expect(await demo.read(id)).not.toHaveProperty('x_secret_key')
  const listed = await demo.call('GET', `/v2/images?id=${id}`)
  expect(listed.body['images']).toMatchObject([{ id, x_open: '1' }])
  expect(listed.text).not.toContain('x_secret_key')
  const changed = await patch(id, 'replace', '/x_open', '2')
  expect([changed.status, changed.body['x_secret_key']]).toEqual([200, undefined])
  expect((await demo.call('PUT', `/v2/images/${id}/tags/t`)).status).toBe(204)
  expect(await admin.read(id)).toMatchObject({ x_secret_key: 's', x_open: '2', tags: ['t'] })
})

test('without the right to create, update or delete it is 403; what is hidden does not exist', async () => {
  const { demo, admin } = cloud
  const made = await demo.call('POST', '/v2/images', { json: { x_secret: 's' } })
  expect([made.status, made.body['message']]).toEqual([403, reserved('x_secret')])
  const id = await demo.create({ x_fixed: 'f' })
  for (const [op, value] of [
    ['replace', 'g'],
    ['add', 'g'],
    ['remove', undefined],
  ] as const) {
    const refused = await patch(id, op, '/x_fixed', value)
    expect([refused.status, refused.body['message']]).toEqual([403, reserved('x_fixed')])
  }
  expect((await patch(id, 'remove', '/x_fixed', undefined, admin)).status).toBe(200)
  await patch(id, 'add', '/x_secret', 's', admin)
  expect((await patch(id, 'replace', '/x_secret', 't')).status).toBe(409)
  expect((await patch(id, 'remove', '/x_secret')).status).toBe(409)
  expect((await patch(id, 'add', '/x_secret', 't')).status).toBe(403)
  expect((await patch(id, 'add', '/x_write_only', 't')).status).toBe(200)
  expect(await admin.read(id)).toMatchObject({ x_secret: 's' })
})

test('what no rule allows is forbidden even to admins', async () => {
  const id = await cloud.admin.create()
  for (const name of ['os_distro', 'unknown']) {
    const refused = await patch(id, 'add', `/${name}`, 'x', cloud.admin)
    expect([refused.status, refused.body['message']]).toEqual([403, reserved(name)])
  }
})
