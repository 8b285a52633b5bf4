import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { createNamespace, expectRefusal, namespaces, pathOf, trackNamespace } from './metadefs-scratch.js'

/** Characters that take four bytes in UTF-8, such as emoji, in metadata definitions. */
export function metadefFourByteContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('characters of four bytes in metadefs', makeTarget, (scratch) => {
    const fish = 'a 🐟'
    const problem = (written: string, key: string) =>
      `Couldn't ${written}: ${key} can't contain 4 byte unicode characters.`

    test.each([
      ['its name', { namespace: fish }, 'Namespace'],
      ['its display name', { display_name: fish }, 'Display_Name'],
      ['its description', { description: fish }, 'Description'],
      ['its owner', { owner: fish }, 'Owner'],
      ['a tag', { tags: [{ name: fish }] }, 'Name'],
      ['an object', { objects: [{ name: fish }] }, 'Name'],
      ['a required name', { objects: [{ name: 'o', required: ['a', fish] }] }, 'Required'],
      [
        'a property of an object',
        { objects: [{ name: 'o', properties: { p: { title: fish, type: 'string' } } }] },
        'Title',
      ],
      ['a property', { properties: { [fish]: { title: 'T', type: 'string' } } }, 'Name'],
      ['a pattern', { properties: { p: { title: 'T', type: 'string', pattern: fish } } }, 'Pattern'],
    ])('a namespace with them in %s is 400', async (_what, fields, key) => {
      const namespace = scratch.name()
      trackNamespace(scratch, namespace)
      const json = { namespace, ...fields }
      await expectRefusal(scratch.admin, ['POST', namespaces, json], 400, problem('create metadata namespace', key))
      // Glance keeps the namespace and what came before.
      if (!scratch.target.isReal) expectStatus(await scratch.admin.image('GET', pathOf(namespace)), 404)
    })

    test('so is everything that is created or changed on its own', async () => {
      const { namespace } = await createNamespace(scratch, {
        objects: [{ name: 'o' }],
        properties: { p: { title: 'T', type: 'string' } },
        tags: [{ name: 't' }],
      })
      const at = (...rest: string[]) => pathOf(namespace, ...rest)
      const refused = (request: readonly [string, string, unknown], written: string, key: string) =>
        expectRefusal(scratch.admin, request, 400, problem(written, key))
      const put = { namespace, description: fish }
      await refused(['PUT', at(), put], 'update metadata namespace', 'Description')
      await refused(['POST', at('objects'), { name: fish }], 'create metadata object', 'Name')
      await refused(
        ['PUT', at('objects', 'o'), { name: 'o', description: fish }],
        'update metadata object',
        'Description',
      )
      const property = { name: 'p', title: fish, type: 'string' }
      await refused(['POST', at('properties'), { ...property, name: fish }], 'create metadata property', 'Name')
      await refused(['PUT', at('properties', 'p'), property], 'update metadata property', 'Title')
      await refused(['PUT', at('tags', 't'), { name: fish }], 'update metadata tag', 'Name')
    })

    test('they are kept in lists, in the names of a map, in tags sent together and in types of resources', async () => {
      const type = `${scratch.name()} 🐟`
      const { namespace } = await createNamespace(scratch, {
        resource_type_associations: [{ name: type, prefix: '🐟:' }],
        objects: [{ name: 'o', properties: { [fish]: { title: 'T', type: 'string', enum: [fish] } } }],
      })
      expectStatus(
        await scratch.admin.image('POST', pathOf(namespace, 'tags'), { json: { tags: [{ name: fish }] } }),
        201,
      )
      expect((await scratch.admin.image('GET', pathOf(namespace))).json()).toMatchObject({
        resource_type_associations: [{ name: type, prefix: '🐟:' }],
        objects: [{ name: 'o', properties: { [fish]: { title: 'T', type: 'string', enum: [fish] } } }],
        tags: [{ name: fish }],
      })
    })
  })
}
