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

const make = () => cloud.images.create({ name: 'a', tags: ['x'], properties: { os_distro: 'debian', kept: '1' } })

test('a field that somebody else has changed meanwhile is not overwritten, and the error names it', async () => {
  const read = await make()
  await cloud.images.update(read.id, { name: 'theirs', properties: { os_distro: 'ubuntu' } })
  const update = { name: 'mine', properties: { os_distro: 'fedora' } }
  await expect(cloud.images.update(read, update)).rejects.toMatchObject({
    name: 'ImageChangedError',
    imageId: read.id,
    conflicts: [
      { field: 'name', read: 'a', now: 'theirs', wanted: 'mine' },
      { field: 'properties.os_distro', read: 'debian', now: 'ubuntu', wanted: 'fedora' },
    ],
  })
  expect(await cloud.images.get(read)).toMatchObject({ name: 'theirs' })
  expect(await cloud.images.update(read, update, { onConflict: 'overwrite' })).toMatchObject(update)
})

test('changes of different fields are merged, and the same change twice is none', async () => {
  const read = await make()
  await cloud.images.update(read.id, { minRam: 512, tags: ['y', 'x'], properties: { added: '2', kept: null } })
  const changes = { name: 'b', tags: ['x', 'y'], properties: { os_distro: 'fedora', kept: null } }
  expect(await cloud.images.update(read, changes)).toMatchObject({
    name: 'b',
    minRam: 512,
    properties: { os_distro: 'fedora', added: '2' },
  })
})

test.each([
  ['removed', { kept: null }, '2'],
  ['added', { fresh: 'theirs' }, null],
])('a property that was %s meanwhile is a conflict, too', async (_what, theirs, _now) => {
  const read = await make()
  await cloud.images.update(read.id, { properties: theirs })
  const [key = ''] = Object.keys(theirs)
  await expect(cloud.images.update(read, { properties: { [key]: 'mine' } })).rejects.toMatchObject({
    conflicts: [{ field: `properties.${key}`, wanted: 'mine' }],
  })
})

test('an id says nothing about what was read, so it is changed as before', async () => {
  const read = await make()
  await cloud.images.update(read.id, { name: 'theirs' })
  expect(await cloud.images.update({ id: read.id }, { name: 'mine' })).toMatchObject({ name: 'mine' })
})

test('of many updates at once from one copy, none is half done', async () => {
  const read = await make()
  const names = Array.from({ length: 8 }, (_, at) => `name ${at}`)
  const done = await Promise.allSettled(
    names.map((name) => cloud.images.update(read, { name, properties: { [name.replace(' ', '_')]: name } })),
  )
  const now = await cloud.images.get(read)
  expect(names).toContain(now.name)
  const expected = done.map((result, at) => (result.status === 'fulfilled' ? names[at] : undefined))
  expect(names.map((name) => now.properties[name.replace(' ', '_')])).toEqual(expected)
  const reasons = done.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Error).name] : []))
  expect(reasons.filter((name) => name !== 'ImageChangedError')).toEqual([])
})
