import { expect, test } from 'vitest'
import type { WireMetadefAssociation, WireMetadefResourceType } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { createNamespace, expectRefusal, pathOf, wireTimePattern } from './metadefs-scratch.js'

/** /v2/metadefs/resource_types and /v2/metadefs/namespaces/{namespace}/resource_types. */
export function metadefResourceTypesContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('metadef resource types', makeTarget, (scratch) => {
    const inNamespace = async (fields: Parameters<typeof createNamespace>[1] = { visibility: 'public' }) => {
      const { namespace } = await createNamespace(scratch, fields)
      return {
        namespace,
        types: pathOf(namespace, 'resource_types'),
        pathTo: (name: string) => pathOf(namespace, 'resource_types', name),
      }
    }
    const associate = async (types: string, json: unknown) => {
      const made = await scratch.admin.image('POST', types, { json })
      expectStatus(made, 201)
      return made.json<WireMetadefAssociation>()
    }
    const list = async (types: string, account = scratch.admin) => {
      const answer = await account.image('GET', types)
      expectStatus(answer, 200)
      return answer.json<{ resource_type_associations: WireMetadefAssociation[] }>().resource_type_associations
    }
    const all = '/v2/metadefs/resource_types'
    const name81 = 'n'.repeat(81)
    const times = {
      created_at: expect.stringMatching(wireTimePattern),
      updated_at: expect.stringMatching(wireTimePattern),
    }

    test('associations are listed in the order in which they were made', async () => {
      const { types } = await inNamespace()
      const [first, second] = [scratch.name(), scratch.name()]
      const made = await associate(types, { name: first, prefix: 'hw:', properties_target: 'image' })
      expect(made).toEqual({ name: first, prefix: 'hw:', properties_target: 'image', ...times })
      expect(await associate(types, { name: second })).toEqual({ name: second, ...times })
      expect((await list(types, scratch.target.reader)).map(({ name }) => name)).toEqual([first, second])
      expect((await list(types))[0]).toEqual(made)
    })

    test('a type becomes known with its first association, and stays known without any', async () => {
      const { types, pathTo } = await inNamespace()
      const name = scratch.name()
      const known = async () => {
        const answer = await scratch.target.reader.image('GET', all)
        expectStatus(answer, 200)
        return answer
          .json<{ resource_types: WireMetadefResourceType[] }>()
          .resource_types.find((each) => each.name === name)
      }
      expect(await known()).toBeUndefined()
      await associate(types, { name, prefix: 'p' })
      expect(await known()).toEqual({ name, ...times })
      expectStatus(await scratch.admin.image('DELETE', pathTo(name)), 204)
      expect(await list(types)).toEqual([])
      expect(await known()).toEqual({ name, ...times })
    })

    test('the same type again is 409', async () => {
      const { namespace, types } = await inNamespace()
      await associate(types, { name: 'OS::Nova::Flavor' })
      await expectRefusal(
        scratch.admin,
        ['POST', types, { name: 'OS::Nova::Flavor', prefix: 'hw:' }],
        409,
        `The metadata definition resource-type association of resource-type=OS::Nova::Flavor to namespace=${namespace} already exists.`,
      )
    })

    test.each([
      ['no name', {}, "'name' is a required property"],
      ['81 characters', { name: name81 }, `'${name81}' is too long`],
      ['a prefix of 81', { name: 'x', prefix: name81 }, `'${name81}' is too long`],
      ['an unknown field', { name: 'x', y: 1 }, "Additional properties are not allowed ('y' was unexpected)"],
    ])('%s is 400', async (_what, json, reason) => {
      const { types } = await inNamespace()
      const text = `Provided object does not match schema 'resource_type_association': ${reason}`
      await expectRefusal(scratch.admin, ['POST', types, json], 400, text)
    })

    test('times are 403: only the server sets them', async () => {
      const { types } = await inNamespace()
      const json = { name: 'x', created_at: 'y' }
      await expectRefusal(scratch.admin, ['POST', types, json], 403, "Attribute 'created_at' is read-only.")
    })

    test('one is deleted once', async () => {
      const { types, pathTo } = await inNamespace()
      await associate(types, { name: 'OS::Nova::Flavor' })
      expectStatus(await scratch.admin.image('DELETE', pathTo('OS::Nova::Flavor')), 204)
      await expectRefusal(
        scratch.admin,
        ['DELETE', pathTo('OS::Nova::Flavor')],
        404,
        'Failed to find resource type OS::Nova::Flavor to delete',
      )
    })

    test('writing is for admins', async () => {
      const { types, pathTo } = await inNamespace()
      await associate(types, { name: 'OS::Nova::Flavor' })
      const refused = (request: readonly [string, string, unknown?], action: string) =>
        expectRefusal(scratch.demo, request, 403, `You are not authorized to complete ${action} action.`)
      await refused(['POST', types, { name: 'x' }], 'add_metadef_resource_type_association')
      await refused(['DELETE', pathTo('OS::Nova::Flavor')], 'remove_metadef_resource_type_association')
    })

    test('in a namespace that the caller does not see, nothing exists', async () => {
      const { namespace, types, pathTo } = await inNamespace({})
      for (const [method, path, json] of [
        ['GET', types],
        ['POST', types, { name: 'x' }],
        ['DELETE', pathTo('x')],
      ] as const) {
        await expectRefusal(scratch.demo, [method, path, json], 404, `Namespace ${namespace} not found`)
      }
    })

    test('other methods are 405, bodies where none is read 400', async () => {
      const { types, pathTo } = await inNamespace()
      for (const [method, path, allow] of [
        ['POST', all, 'GET'],
        ['DELETE', types, 'GET, POST'],
        ['GET', pathTo('x'), 'DELETE'],
      ] as const) {
        const answer = await scratch.admin.image(method, path)
        expectStatus(answer, 405)
        expect(answer.headers['allow']).toBe(allow)
      }
      for (const path of [all, types]) expectStatus(await scratch.admin.image('GET', path, { body: 'x' }), 400)
    })
  })
}
