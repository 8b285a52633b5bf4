import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../cloud/cloud.js'
import { connect } from '../../node/index.js'

let server: Awaited<ReturnType<typeof startCloud>>
let cloud: Cloud

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  cloud = await connect({
    auth: { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' },
  })
})
afterAll(async () => {
  await cloud?.close()
  await server?.close()
})

const tags = [
  'lts',
  'c?d#e',
  'a/b',
  '..',
  '.',
  '%2F',
  'mit Leerzeichen',
  '日本語',
  'a&b=c',
  '\'"',
  '/',
  'x'.repeat(255),
]

test.each(tags)('the tag %s is added, listed by, and removed', async (tag) => {
  const image = await cloud.images.create({ name: 'tagged', tags: ['stays'] })
  await cloud.images.tags.add(image, tag)
  await cloud.images.tags.add(image, tag)
  expect([...(await cloud.images.get(image)).tags].sort()).toEqual(['stays', tag].sort())
  expect(await cloud.images.listAll({ tag })).toMatchObject([{ id: image.id }])
  await cloud.images.tags.remove(image.id, tag)
  expect((await cloud.images.get(image)).tags).toEqual(['stays'])
})

test('a tag that is not there cannot be removed', async () => {
  const image = await cloud.images.create({ name: 'tagged' })
  await expect(cloud.images.tags.delete(image, 'none')).rejects.toMatchObject({ name: 'NotFoundError' })
})

test.each(['', 'x'.repeat(256), 7])('%s is no tag', async (tag) => {
  await expect(cloud.images.tags.add('x', tag as string)).rejects.toMatchObject({ name: 'UsageError' })
})
