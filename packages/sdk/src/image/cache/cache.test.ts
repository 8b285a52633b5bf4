import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../cloud/cloud.js'
import { connect, fromStream } from '../../node/index.js'

let server: Awaited<ReturnType<typeof startCloud>>
let admin: Cloud
const login = (authUrl: string, name = 'admin') =>
  connect({ auth: { authUrl, username: name, password: 'secret', projectName: name } })
beforeAll(async () => {
  server = await startCloud({ port: 0, config: { image: { cache: { maxSizeBytes: 0 } } } })
  admin = await login(server.authUrl)
})
afterAll(async () => {
  await admin?.close()
  await server?.close()
})

const active = () =>
  admin.images.create({ name: 'a', diskFormat: 'raw', data: fromStream(new Blob(['data']).stream()) })

test('an image is queued, cached, counted, pruned and removed', async () => {
  const { cache } = admin.images
  const image = await active()
  await cache.queue(image)
  const cached = async () => (await cache.list()).cached.find((copy) => copy.imageId === image.id)
  await expect.poll(cached, { timeout: 30_000 }).toMatchObject({ size: 4, hits: 0 })
  expect((await cached())?.lastAccessed).toBeInstanceOf(Date)
  expect((await cached())?.lastModified.getFullYear()).toBeGreaterThan(2000)
  expect(await cache.nodes(image)).toEqual([expect.stringContaining(server.imageUrl)])
  expect(await cache.prune()).toEqual({ files: 1, bytes: 4 })
  await cache.clean()
  await cache.remove(image)
  await cache.clear({ target: 'queue' })
  await cache.clear()
  expect(await cache.list()).toEqual({ cached: [], queued: [] })
})

test('what cannot be cached is refused with the reason', async () => {
  const { cache } = admin.images
  const record = await admin.images.create({ name: 'no data' })
  await expect(cache.queue(record)).rejects.toMatchObject({ name: 'BadRequestError' })
  const unknown = await cache.queue('11111111-1111-4111-8111-111111111111').catch((error: unknown) => error)
  expect(unknown).toMatchObject({ name: 'NotFoundError' })
  expect(unknown).not.toHaveProperty('hint')
  await expect(cache.clear({ target: 'all' as 'cache' })).rejects.toMatchObject({ name: 'UsageError' })
})

test('a cloud without a cache says so', async () => {
  await using plain = await startCloud({ port: 0 })
  await using cloud = await login(plain.authUrl)
  await expect(cloud.images.cache.list()).rejects.toMatchObject({
    name: 'NotFoundError',
    hint: expect.stringContaining('image_cache_dir') as string,
  })
})
