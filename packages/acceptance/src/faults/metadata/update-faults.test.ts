import { startCloud } from '@tyrax/server'
import { startFaultServer } from '@tyrax/testkit'
import { expect, test } from 'vitest'
import { connect } from '@tyrax/sdk'

const conflict = { type: 'status', status: 409, body: '{"message": "Property x does not exist."}' } as const

async function scene(conflicts: number) {
  const server = await startCloud({ port: 0 })
  const plan = [{ match: { method: 'PATCH', count: conflicts }, fault: conflict }]
  const faults = await startFaultServer({ upstream: new URL(server.authUrl).origin, plan })
  const cloud = await connect({
    auth: { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' },
    imageEndpointOverride: `${faults.url}/image/v2`,
  })
  return {
    cloud,
    faults,
    async [Symbol.asyncDispose]() {
      await cloud.close()
      await faults.close()
      await server.close()
    },
  }
}

test('a patch that met somebody else’s is built anew on a fresh copy', async () => {
  await using at = await scene(2)
  const image = await at.cloud.images.create({ name: 'u' })
  expect(await at.cloud.images.update(image, { properties: { x: '1' } })).toMatchObject({ properties: { x: '1' } })
  expect(at.faults.requests.map(({ method }) => method)).toEqual([
    'POST',
    'GET',
    'PATCH',
    'GET',
    'PATCH',
    'GET',
    'PATCH',
  ])
})

test('a conflict that stays is an error in the end', async () => {
  await using at = await scene(1000)
  const image = await at.cloud.images.create({ name: 'u' })
  await expect(at.cloud.images.update(image, { properties: { x: '1' } })).rejects.toMatchObject({
    name: 'ConflictError',
  })
})

test('one patch with as few steps as can be is sent, and none when all is as wanted', async () => {
  await using at = await scene(1)
  const image = await at.cloud.images.create({ name: 'u', tags: ['a'], properties: { same: 's', gone: 'g' } })
  const wanted = { name: 'u', tags: ['a'], minDisk: 2, properties: { same: 's', gone: null, 'a/b~c': 'n' } }
  const updated = await at.cloud.images.update(image.id, wanted)
  const patch = at.faults.requests.filter(({ method }) => method === 'PATCH').at(-1)
  expect(patch?.headers['content-type']).toBe('application/openstack-images-v2.1-json-patch')
  expect(JSON.parse(patch?.text() ?? '')).toEqual([
    { op: 'replace', path: '/min_disk', value: 2 },
    { op: 'remove', path: '/gone' },
    { op: 'add', path: '/a~1b~0c', value: 'n' },
  ])
  const before = at.faults.requests.length
  expect(await at.cloud.images.update(updated, wanted)).toEqual(updated)
  expect(at.faults.requests.slice(before).map(({ method }) => method)).toEqual(['GET'])
})
