import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Cloud } from '@tyrax/sdk'
import { contractSuite } from '../scratch.js'
import type { ContractTarget } from '../target.js'

const text = { title: 'A text', type: 'string' } as const

/** What the client makes of metadata definitions, which is the same on any cloud. */
export function clientMetadefsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('client of metadefs', makeTarget, (scratch) => {
    let cloud: Cloud
    beforeAll(async () => {
      const { username, password, projectName } = scratch.admin
      cloud = await connect({ auth: { authUrl: scratch.target.authUrl, username, password, projectName } })
    })
    afterAll(async () => {
      await cloud?.close()
    })
    const namespaceOf = async (params: object = {}) => {
      const namespace = `${scratch.name()}::100%`
      const { namespaces } = cloud.images.metadefs
      scratch.later(async () => {
        await namespaces.update(namespace, { protected: false })
        await namespaces.delete(namespace)
      })
      await namespaces.create({ namespace, ...params })
      return namespace
    }

    test('an update of a namespace keeps what a plain PUT would reset', async () => {
      const owner = scratch.demo.projectId
      const given = { displayName: 'A', visibility: 'public', protected: true, owner } as const
      const namespace = await namespaceOf({ ...given, properties: { a: text } })
      const { namespaces } = cloud.images.metadefs
      expect(await namespaces.update(namespace, { description: 'B' })).toMatchObject({ ...given, description: 'B' })
      expect(await namespaces.get(namespace)).toMatchObject({ ...given, properties: { a: text } })
    })

    test('a whole namespace is exported, and made equal to a changed export', async () => {
      const namespace = await namespaceOf({
        protected: true,
        visibility: 'public',
        resourceTypes: [{ name: 'OS::Glance::Image', prefix: 'my_' }],
        properties: { 'kept/1': text, changed: text, gone: text },
        objects: [{ name: 'Kept', properties: { a: text } }, { name: 'Gone' }],
        tags: ['one', 'two'],
      })
      const { metadefs } = cloud.images
      const file = await metadefs.exportNamespace(namespace)
      const wanted = {
        ...file,
        properties: { 'kept/1': text, changed: { ...text, title: 'Changed' }, added: text },
        objects: file.objects?.filter(({ name }) => name === 'Kept') ?? [],
        resource_type_associations: [{ name: 'OS::Glance::Image', prefix: 'your_' }],
        tags: [{ name: 'three' }],
      }
      await metadefs.importNamespace(wanted, { replace: true })
      expect(await metadefs.exportNamespace(namespace)).toEqual(wanted)
      await expect(metadefs.importNamespace(wanted)).rejects.toMatchObject({ name: 'ConflictError' })
    })

    test('parts of a namespace are changed one at a time', async () => {
      const namespace = await namespaceOf({ tags: ['a'] })
      const { properties, objects, tags, resourceTypes } = cloud.images.metadefs
      await properties.create(namespace, 'p::1%2F', { ...text, enum: ['x'] })
      expect(await properties.update(namespace, 'p::1%2F', { enum: null })).toEqual(text)
      await objects.create(namespace, { name: 'O', properties: { a: text }, required: ['a'] })
      expect(await objects.update(namespace, 'O', { name: 'P' })).toMatchObject({ name: 'P', required: ['a'] })
      await tags.add(namespace, ['b'])
      await tags.rename(namespace, 'b', 'c')
      expect((await tags.list(namespace)).toSorted()).toEqual(['a', 'c'])
      await resourceTypes.associate(namespace, { name: 'OS::Nova::Server', prefix: 'p_' })
      expect(await properties.get(namespace, 'p_p::1%2F', { resourceType: 'OS::Nova::Server' })).toEqual(text)
      await resourceTypes.dissociate(namespace, 'OS::Nova::Server')
      expect(await resourceTypes.associations(namespace)).toEqual([])
    })

    test('probable mistakes in properties are found', async () => {
      const found = await cloud.images.properties.check({ hw_disk_buss: 'virtio', hw_disk_bus: 'virtoi', own: '1' })
      expect(found).toMatchObject([
        { name: 'hw_disk_buss', suggestion: 'hw_disk_bus' },
        { name: 'hw_disk_bus', suggestion: 'virtio' },
      ])
    })
  })
}
