import { createHash } from 'node:crypto'
import { readdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'
import { waitForTasks } from '../testing/wait-for-task.js'

let cloud: ImageCloud
let folder: string
const stores = [{ id: 'cheap' }, { id: 'fast', default: true }, { id: 'slow' }]
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-imports-'))
  cloud = await startImageCloud({ stores }, folder)
})
afterAll(async () => {
  await cloud.close()
  await rm(folder, { recursive: true, force: true })
})

const stage = (id: string, data: string) =>
  cloud.demo.call('PUT', `/v2/images/${id}/stage`, { data, headers: { 'content-type': 'application/octet-stream' } })
const startImport = (id: string, json: Record<string, unknown>, headers: Record<string, string> = {}) =>
  cloud.demo.call('POST', `/v2/images/${id}/import`, { json, headers })
const direct = { method: { name: 'glance-direct' } }
const fileCount = async () => {
  const names = await readdir(path.join(folder, 'blobs'), { recursive: true }).catch(() => [])
  return names.filter((name) => name.length > 'ab'.length).length
}

test('staged bytes are imported into the stores that were asked for, in their order', async () => {
  const id = await cloud.demo.create({ mine: 'kept' })
  const before = await fileCount()
  expect((await stage(id, 'staged')).status).toBe(204)
  expect(await cloud.demo.read(id)).toMatchObject({ status: 'uploading', size: 6, checksum: null })
  const started = await startImport(id, { ...direct, stores: ['slow', 'cheap'] })
  expect([started.status, started.text]).toEqual([202, ''])
  const [task] = await waitForTasks(cloud, id)
  expect(task).toMatchObject({
    type: 'api_image_import',
    status: 'success',
    owner: cloud.demo.projectId,
    image_id: id,
    request_id: started.headers.get('x-openstack-request-id'),
    input: { image_id: id, import_req: { ...direct, stores: ['slow', 'cheap'] }, backend: ['slow', 'cheap'] },
    result: { image_id: id },
    message: 'Copied 0 MiB',
    deleted: false,
    deleted_at: null,
  })
  for (const key of ['created_at', 'updated_at', 'expires_at']) {
    expect(task?.[key]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
  }
  const image = await cloud.demo.read(id)
  expect(image).toMatchObject({
    status: 'active',
    size: 6,
    virtual_size: 6,
    checksum: createHash('md5').update('staged').digest('hex'),
    os_hash_value: createHash('sha512').update('staged').digest('hex'),
    stores: 'slow,cheap',
    mine: 'kept',
    os_glance_importing_to_stores: '',
    os_glance_failed_import: '',
  })
  expect(image).not.toHaveProperty('os_glance_import_task')
  expect((await cloud.demo.call('GET', `/v2/images/${id}/file`)).text).toBe('staged')
  expect(await fileCount()).toBe(before + 2)
  await cloud.demo.call('DELETE', `/v2/images/${id}`)
  expect(await fileCount()).toBe(before)
})

test('the task tells how much was copied', async () => {
  const id = await cloud.demo.create()
  await stage(id, 'x'.repeat(3 * 1024 ** 2))
  await startImport(id, { ...direct, stores: ['cheap', 'slow'] })
  expect(await waitForTasks(cloud, id)).toMatchObject([{ status: 'success', message: 'Copied 3 MiB' }])
})

test('the store of the header, or the default one, gets the data when the body names none', async () => {
  const [one, other] = [await cloud.demo.create(), await cloud.demo.create()]
  await stage(one, 'x')
  await stage(other, 'x')
  await startImport(one, direct)
  await startImport(other, direct, { 'x-image-meta-store': 'slow' })
  await Promise.all([waitForTasks(cloud, one), waitForTasks(cloud, other)])
  expect([(await cloud.demo.read(one))['stores'], (await cloud.demo.read(other))['stores']]).toEqual(['fast', 'slow'])
})

test('data that contradicts its format fails the task, and the image is queued again without bytes', async () => {
  const before = await fileCount()
  const id = await cloud.demo.create({ disk_format: 'qcow2' })
  await stage(id, 'not a qcow2'.repeat(100))
  await startImport(id, { ...direct, stores: ['cheap', 'fast'] })
  const [task] = await waitForTasks(cloud, id)
  expect(task).toMatchObject({ status: 'failure', result: null })
  expect(task?.message).toContain('does not match')
  expect(await cloud.demo.read(id)).toMatchObject({
    status: 'queued',
    size: null,
    os_glance_failed_import: 'cheap,fast',
    os_glance_importing_to_stores: '',
  })
  expect(await fileCount()).toBe(before)
  expect((await stage(id, 'again')).status).toBe(204)
  expect((await cloud.demo.call('DELETE', `/v2/images/${id}`)).status).toBe(204)
  expect(await fileCount()).toBe(before)
})

test('an image can be staged once, and only by a member of its project', async () => {
  const id = await cloud.demo.create()
  const octets = { 'content-type': 'application/octet-stream' }
  const attempt = async (user: 'alt' | 'reader', headers = octets) =>
    (await cloud[user].call('PUT', `/v2/images/${id}/stage`, { data: 'x', headers })).status
  expect([await attempt('alt'), await attempt('reader')]).toEqual([404, 403])
  expect(await attempt('reader', { 'content-type': 'text/plain' })).toBe(415)
  expect((await stage(id, '')).status).toBe(204)
  const again = await stage(id, 'x')
  expect([again.status, again.text]).toEqual([
    409,
    expect.stringContaining('Image status transition from uploading to uploading is not allowed'),
  ])
  expect((await cloud.demo.upload(id, 'x')).status).toBe(409)
  const short = await cloud.demo.create()
  const mismatch = await cloud.demo.call('PUT', `/v2/images/${short}/stage`, {
    data: 'four',
    headers: { ...octets, 'x-openstack-image-size': '5' },
  })
  expect(mismatch.status).toBe(400)
  expect(await cloud.demo.read(short)).toMatchObject({ status: 'queued', size: null })
})

test('requests that cannot be met are refused before anything is changed', async () => {
  const { demo } = cloud
  const queued = await demo.create()
  const staged = await demo.create()
  const bare = String((await demo.call('POST', '/v2/images', { json: {} })).body['id'])
  const active = await demo.create()
  await stage(staged, 'x')
  await stage(bare, 'x')
  await demo.upload(active, 'x')
  const refused: [id: string, json: Record<string, unknown>, status: number, text: string][] = [
    [queued, {}, 400, `Import request requires a 'method' field.`],
    [queued, { method: {} }, 400, `Import request requires a 'name' field.`],
    [queued, { method: 'glance-direct' }, 400, `'method' must be an object`],
    [queued, { method: { name: 'x' } }, 400, `Unknown import method name 'x'.`],
    [queued, { ...direct, all_stores: 'yes' }, 400, `'all_stores' must be boolean value only`],
    [queued, { ...direct, all_stores_must_succeed: 1 }, 400, `'all_stores_must_succeed' must be boolean value only`],
    [queued, { ...direct, stores: 'fast' }, 400, `'stores' must be a list`],
    [queued, direct, 409, `Image needs to be staged before 'glance-direct' method can be used`],
    [active, direct, 409, 'Image with status active cannot be target for import'],
    [bare, direct, 409, `'container_format' needs to be set before import`],
    [staged, { ...direct, stores: ['nope'] }, 409, 'Store for identifier nope not found'],
    [staged, { ...direct, all_stores: true, stores: ['fast'] }, 400, `All_stores parameter can't be used`],
  ]
  for (const [id, json, status, text] of refused) {
    const response = await startImport(id, json)
    expect([response.status, response.text], JSON.stringify(json)).toEqual([status, expect.stringContaining(text)])
  }
  const both = await startImport(staged, { ...direct, stores: ['fast'] }, { 'x-image-meta-store': 'fast' })
  expect(both.status).toBe(400)
  expect((await demo.call('GET', `/v2/images/${staged}/import`)).status).toBe(405)
  expect((await cloud.alt.call('POST', `/v2/images/${staged}/import`, { json: direct })).status).toBe(404)
  const reader = await cloud.reader.call('POST', `/v2/images/${staged}/import`, { json: direct })
  expect([reader.status, reader.text]).toEqual([403, expect.stringContaining('modify_image action.')])
  expect(await demo.read(staged)).toMatchObject({ status: 'uploading' })
  expect((await demo.call('GET', `/v2/images/${staged}/tasks`)).body).toEqual({ tasks: [] })
})

test('a copy is removed from a store by an admin, but never the only one', async () => {
  const id = await cloud.demo.create()
  await stage(id, 'x')
  await startImport(id, { ...direct, stores: ['cheap', 'slow'] })
  await waitForTasks(cloud, id)
  const before = await fileCount()
  const remove = async (store: string, user: 'admin' | 'demo' = 'admin') =>
    (await cloud[user].call('DELETE', `/v2/stores/${store}/${id}`)).status
  expect([await remove('nope'), await remove('cheap', 'demo'), await remove('fast')]).toEqual([409, 403, 404])
  expect(await remove('cheap')).toBe(204)
  expect(await fileCount()).toBe(before - 1)
  expect(await remove('slow')).toBe(403)
  expect(await cloud.demo.read(id)).toMatchObject({ stores: 'slow' })
  expect((await cloud.demo.call('GET', `/v2/images/${id}/file`)).text).toBe('x')
})

test('staged bytes survive a restart and can still be imported; bytes that a crash orphaned do not', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'tyrax-imports-'))
  try {
    const first = await startImageCloud({ stores }, place)
    const id = await first.demo.create()
    const headers = { 'content-type': 'application/octet-stream' }
    await first.demo.call('PUT', `/v2/images/${id}/stage`, { data: 'kept', headers })
    await first.close()
    const second = await startImageCloud({ stores }, place)
    expect(await second.demo.read(id)).toMatchObject({ status: 'uploading', size: 4 })
    await second.demo.call('POST', `/v2/images/${id}/import`, { json: direct })
    await waitForTasks(second, id)
    expect((await second.demo.call('GET', `/v2/images/${id}/file`)).text).toBe('kept')
    await second.close()
  } finally {
    await rm(place, { recursive: true, force: true })
  }
})
