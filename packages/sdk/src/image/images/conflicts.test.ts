import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../cloud/cloud.js'
import { connect } from '../../node/index.js'

let server: Awaited<ReturnType<typeof startCloud>>
let cloud: Cloud
let others: Cloud
beforeAll(async () => {
  server = await startCloud({ port: 0 })
  const auth = { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  cloud = await connect({ auth })
  others = await connect({ auth })
})
afterAll(async () => {
  await others?.close()
  await cloud?.close()
  await server?.close()
})

const make = () => cloud.images.create({ name: 'a', tags: ['x'], properties: { os_distro: 'debian', kept: '1' } })

test('a field that another client has changed meanwhile is not overwritten, and the error names it', async () => {
  const read = await make()
  await others.images.update(read.id, { name: 'theirs', properties: { os_distro: 'ubuntu' } })
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
  await others.images.update(read.id, { minRam: 512, tags: ['y', 'x'], properties: { added: '2', kept: null } })
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
  await others.images.update(read.id, { properties: theirs })
  const [key = ''] = Object.keys(theirs)
  await expect(cloud.images.update(read, { properties: { [key]: 'mine' } })).rejects.toMatchObject({
    conflicts: [{ field: `properties.${key}`, wanted: 'mine' }],
  })
})

test('an id says nothing about what was read, so it is changed as before', async () => {
  const read = await make()
  await others.images.update(read.id, { name: 'theirs' })
  expect(await cloud.images.update({ id: read.id }, { name: 'mine' })).toMatchObject({ name: 'mine' })
})

test('what a client has changed itself is no conflict, even with an older copy', async () => {
  const read = await make()
  await cloud.images.update(read, { name: 'b', properties: { kept: null } })
  expect(await cloud.images.update(read, { name: 'c', properties: { kept: '2' } })).toMatchObject({ name: 'c' })
  await cloud.images.update(read.id, { name: 'c2' })
  expect(await cloud.images.update(read, { name: 'c3' })).toMatchObject({ name: 'c3' })
  await others.images.update(read.id, { name: 'theirs' })
  await expect(cloud.images.update(read, { name: 'd' })).rejects.toMatchObject({
    conflicts: [{ field: 'name', read: 'a', now: 'theirs', wanted: 'd' }],
  })
})

test('of many updates at once from one copy, none is half done', async () => {
  const read = await make()
  const names = Array.from({ length: 8 }, (_, at) => `name ${at}`)
  await Promise.all(
    names.map((name) => cloud.images.update(read, { name, properties: { [name.replace(' ', '_')]: name } })),
  )
  const now = await cloud.images.get(read)
  expect(names).toContain(now.name)
  expect(names.map((name) => now.properties[name.replace(' ', '_')])).toEqual(names)
})

test('an earlier update of other fields does not hide what another client has removed', async () => {
  const read = await make()
  await cloud.images.update(read, { name: 'b' })
  await others.images.update(read.id, { properties: { kept: null } })
  await expect(cloud.images.update(read, { properties: { kept: '2' } })).rejects.toMatchObject({
    conflicts: [{ field: 'properties.kept', read: '1', now: null, wanted: '2' }],
  })
})
