import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

type StartArguments = Parameters<typeof startImageCloud>
async function start(...args: StartArguments): Promise<ImageCloud> {
  const cloud = await startImageCloud(...args)
  cleanUps.push(() => cloud.close())
  return cloud
}

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'tyrax-cache-'))
  cleanUps.push(() => rm(folder, { recursive: true, force: true }))
  return path.join(folder, 'data')
}

interface State {
  cached_images: { image_id: string; size: number; hits: number; last_accessed: number; last_modified: number }[]
  queued_images: string[]
}

const state = async (cloud: ImageCloud) => (await cloud.admin.call('GET', '/v2/cache')).body as unknown as State
const cachedIds = async (cloud: ImageCloud) => (await state(cloud)).cached_images.map((copy) => copy.image_id)

async function active(cloud: ImageCloud, data = 'some data'): Promise<string> {
  const id = await cloud.demo.create()
  expect((await cloud.demo.upload(id, data)).status).toBe(204)
  return id
}

async function cache(cloud: ImageCloud, id: string): Promise<void> {
  expect((await cloud.admin.call('PUT', `/v2/cache/${id}`)).status).toBe(202)
  await expect.poll(() => cachedIds(cloud), { timeout: 30_000 }).toContain(id)
}

async function blobFiles(folder: string): Promise<string[]> {
  const names = await readdir(path.join(folder, 'blobs'), { recursive: true })
  return names.filter((name) => name.includes(path.sep)).toSorted()
}

test('without a cache an admin is told so, and nothing is advertised', async () => {
  const cloud = await start()
  const id = await active(cloud)
  for (const [method, where] of [
    ['GET', ''],
    ['DELETE', ''],
    ['PUT', `/${id}`],
    ['DELETE', `/${id}`],
    ['POST', '/clean'],
    ['POST', '/prune'],
    ['GET', `/nodes/${id}`],
  ] as const) {
    const refused = await cloud.admin.call(method, `/v2/cache${where}`)
    expect([refused.status, refused.text]).toEqual([404, expect.stringContaining('not supported at this site.')])
    expect((await cloud.demo.call(method, `/v2/cache${where}`)).status).toBe(403)
  }
})

test('a copy is served when the stored data is gone, and removed with its file', async () => {
  const folder = await dataFolder()
  const cloud = await start({ cache: true }, folder)
  const id = await active(cloud)
  const [stored = ''] = await blobFiles(folder)
  await cache(cloud, id)
  expect(await blobFiles(folder)).toHaveLength(2)
  await rm(path.join(folder, 'blobs', stored))
  expect((await cloud.demo.call('GET', `/v2/images/${id}/file`)).text).toBe('some data')
  expect((await cloud.admin.call('DELETE', `/v2/cache/${id}`)).status).toBe(204)
  expect(await blobFiles(folder)).toEqual([])
})

test('a whole download counts as a hit and has the headers of any other, a range does not count', async () => {
  const cloud = await start({ cache: true })
  const id = await active(cloud)
  await cache(cloud, id)
  const [before] = (await state(cloud)).cached_images
  const file = `/v2/images/${id}/file`
  const whole = await cloud.demo.call('GET', file)
  expect([whole.text, whole.headers.get('content-length')]).toEqual(['some data', '9'])
  expect(whole.headers.get('content-md5')).toBe((await cloud.demo.read(id))['checksum'])
  await expect.poll(async () => (await state(cloud)).cached_images[0]?.hits, { timeout: 10_000 }).toBe(1)
  expect((await cloud.demo.call('GET', file, { headers: { range: 'bytes=0-3' } })).status).toBe(206)
  const [after] = (await state(cloud)).cached_images
  expect(after).toMatchObject({ hits: 1, last_modified: before?.last_modified })
  expect(after?.last_accessed).toBeGreaterThan(before?.last_accessed ?? Infinity)
})

test('a whole download of an image that is not cached caches it', async () => {
  const cloud = await start({ cache: true })
  const id = await active(cloud)
  expect((await cloud.demo.call('GET', `/v2/images/${id}/file`)).text).toBe('some data')
  await expect.poll(() => cachedIds(cloud), { timeout: 30_000 }).toEqual([id])
  expect((await state(cloud)).cached_images[0]?.hits).toBe(0)
})

test('deleting an image removes the file of its copy', async () => {
  const folder = await dataFolder()
  const cloud = await start({ cache: true }, folder)
  const id = await active(cloud)
  await cache(cloud, id)
  await cloud.demo.call('DELETE', `/v2/images/${id}`)
  expect(await blobFiles(folder)).toEqual([])
  expect(await state(cloud)).toEqual({ cached_images: [], queued_images: [] })
  expect((await cloud.admin.call('DELETE', `/v2/cache/${id}`)).status).toBe(404)
})

test('data that is damaged in its store is never cached, and stays queued', async () => {
  const folder = await dataFolder()
  const cloud = await start({ cache: true }, folder)
  const id = await active(cloud)
  const [stored = ''] = await blobFiles(folder)
  await writeFile(path.join(folder, 'blobs', stored), 'SOME DATA')
  expect((await cloud.admin.call('PUT', `/v2/cache/${id}`)).status).toBe(202)
  // A second image is copied after the first, so the first one has been tried by then.
  await cache(cloud, await active(cloud, 'other'))
  expect((await state(cloud)).queued_images).toEqual([id])
  expect(await cachedIds(cloud)).not.toContain(id)
  expect(await readdir(path.join(folder, 'tmp'))).toEqual([])
  const clear = (target: string) =>
    cloud.admin.call('DELETE', '/v2/cache', { headers: { 'x-image-cache-clear-target': target } })
  expect((await clear('cache')).status).toBe(204)
  expect(await state(cloud)).toEqual({ cached_images: [], queued_images: [id] })
  expect((await clear('')).status).toBe(204)
  expect(await state(cloud)).toEqual({ cached_images: [], queued_images: [] })
})

test('prune removes what was read longest ago, until the rest fits', async () => {
  const cloud = await start({ cache: { maxSizeBytes: 12 } })
  const [one, two, three] = [await active(cloud, 'aaaaa'), await active(cloud, 'bbbbb'), await active(cloud, 'ccccc')]
  for (const id of [one, two, three]) await cache(cloud, id)
  await cloud.demo.call('GET', `/v2/images/${one}/file`)
  await expect.poll(async () => (await state(cloud)).cached_images[0]?.hits, { timeout: 10_000 }).toBe(1)
  const prune = async () => (await cloud.admin.call('POST', '/v2/cache/prune')).body
  expect(await prune()).toEqual({ total_files_pruned: 1, total_bytes_pruned: 5 })
  expect(await cachedIds(cloud)).toEqual([one, three])
  expect(await prune()).toEqual({ total_files_pruned: 0, total_bytes_pruned: 0 })
})

test('a deactivated image is not served from the cache', async () => {
  const cloud = await start({ cache: true })
  const id = await active(cloud)
  await cache(cloud, id)
  expect((await cloud.demo.call('POST', `/v2/images/${id}/actions/deactivate`)).status).toBe(204)
  expect((await cloud.demo.call('GET', `/v2/images/${id}/file`)).status).toBe(403)
  expect((await cloud.admin.call('GET', `/v2/images/${id}/file`)).text).toBe('some data')
  expect((await state(cloud)).cached_images[0]?.hits).toBe(0)
})

test('what was queued is cached after a restart, and copies are no orphans', async () => {
  const folder = await dataFolder()
  const first = await startImageCloud({}, folder)
  const id = await active(first)
  await first.close()
  const second = await startImageCloud({ cache: true }, folder)
  await cache(second, id)
  const other = await active(second, 'other')
  expect((await second.admin.call('PUT', `/v2/cache/${other}`)).status).toBe(202)
  await second.close()
  const third = await start({ cache: true }, folder)
  await expect.poll(() => cachedIds(third), { timeout: 30_000 }).toEqual([id, other])
  expect(await blobFiles(folder)).toHaveLength(4)
})
