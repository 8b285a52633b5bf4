import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { WireMetadefNamespace } from '@tyrax/protocol'
import { expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../../testing/image-cloud.js'
import { builtinNamespaces } from './builtin-namespaces.js'

const namespaces = '/v2/metadefs/namespaces'
const names = async (user: ImageCloud['admin']) => {
  const { body } = await user.call('GET', `${namespaces}?limit=1000`)
  return (body['namespaces'] as WireMetadefNamespace[]).map(({ namespace }) => namespace)
}

test('a new cloud has the namespaces that come with Glance, also for several first requests at once', async () => {
  await using cloud = await usingCloud()
  const [first, ...others] = await Promise.all([cloud.admin, cloud.admin, cloud.admin].map(names))
  expect(first?.toSorted()).toEqual(builtinNamespaces.map(({ namespace }) => namespace).toSorted())
  expect(others).toEqual([first, first])
  // Those that declare no visibility are private.
  const hidden = ['OS::Glance::CommonImageProperties', 'OS::OperatingSystem']
  expect(await names(cloud.demo)).toEqual(first?.filter((name) => !hidden.includes(name)))
})

test('they are public, protected, and belong to a project called admin', async () => {
  await using cloud = await usingCloud()
  const { body } = await cloud.demo.call('GET', `${namespaces}/OS::Compute::Watchdog`)
  expect(body).toMatchObject({
    visibility: 'public',
    protected: true,
    owner: 'admin',
    resource_type_associations: [
      { name: 'OS::Glance::Image', prefix: 'hw_' },
      { name: 'OS::Cinder::Volume', prefix: 'hw_', properties_target: 'image' },
      { name: 'OS::Nova::Flavor', prefix: 'hw:' },
    ],
    properties: {
      watchdog_action: { type: 'string', enum: ['disabled', 'reset', 'poweroff', 'pause', 'none'] },
    },
  })
  expect(body).not.toHaveProperty('updated_at')
  expect((await cloud.admin.call('DELETE', `${namespaces}/OS::Compute::Watchdog`)).status).toBe(403)
  const types = (await cloud.demo.call('GET', '/v2/metadefs/resource_types')).body['resource_types'] as object[]
  expect(types).toHaveLength(6)
})

test('with `none` there are none', async () => {
  await using cloud = await usingCloud({ metadefs: 'none' })
  expect(await names(cloud.admin)).toEqual([])
})

test('one that an admin deleted or changed stays so after a restart', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-metadefs-'))
  const [gone, renamed] = ['OS::Compute::AggregateNumInstancesFilter', 'OS::Compute::Watchdog']
  try {
    {
      await using cloud = await usingCloud({}, folder)
      expect((await cloud.admin.call('DELETE', `${namespaces}/${gone}`)).status).toBe(204)
      const json = { namespace: 'Watchdog' }
      expect((await cloud.admin.call('PUT', `${namespaces}/${renamed}`, { json })).status).toBe(200)
    }
    await using cloud = await usingCloud({}, folder)
    const found = await names(cloud.admin)
    expect(found).toHaveLength(builtinNamespaces.length - 1)
    expect([gone, renamed, 'Watchdog'].filter((name) => found.includes(name))).toEqual(['Watchdog'])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

async function usingCloud(...options: Parameters<typeof startImageCloud>): Promise<ImageCloud & AsyncDisposable> {
  const cloud = await startImageCloud(...options)
  return { ...cloud, [Symbol.asyncDispose]: () => cloud.close() }
}
