import { expect, test } from 'vitest'
import type { WireMetadefProperty } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { createNamespace, expectRefusal, pathOf } from './metadefs-scratch.js'

/** /v2/metadefs/namespaces/{namespace}/properties. */
export function metadefPropertiesContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('metadef properties', makeTarget, (scratch) => {
    const inNamespace = async (fields: Parameters<typeof createNamespace>[1] = { visibility: 'public' }) => {
      const { namespace } = await createNamespace(scratch, fields)
      return {
        namespace,
        properties: pathOf(namespace, 'properties'),
        pathTo: (name: string) => pathOf(namespace, 'properties', name),
      }
    }
    const create = async (properties: string, json: unknown) => {
      const made = await scratch.admin.image('POST', properties, { json })
      expectStatus(made, 201)
      return made.json<WireMetadefProperty>()
    }
    const list = async (properties: string, account = scratch.admin) => {
      const answer = await account.image('GET', properties)
      expectStatus(answer, 200)
      return answer.json<{ properties: Record<string, WireMetadefProperty> }>().properties
    }
    const string = (name: string) => ({ name, title: 'T', type: 'string' })

    test('a property comes back as it was sent, alone and in the map', async () => {
      const { properties, pathTo } = await inNamespace()
      const json = {
        name: 'p',
        title: 'P',
        type: 'array',
        description: 'd',
        operators: ['<in>', '<or>'],
        default: 'x',
        readonly: true,
        minimum: 1,
        maximum: 5,
        enum: ['x', 'y'],
        pattern: '^(',
        minLength: 0,
        maxLength: 9,
        items: { type: 'string', enum: ['x'] },
        uniqueItems: false,
        minItems: 1,
        maxItems: 2,
        additionalItems: true,
      }
      expect(await create(properties, json)).toEqual(json)
      const shown = await scratch.target.reader.image('GET', pathTo('p'))
      expectStatus(shown, 200)
      expect(shown.json()).toEqual(json)
      expect(await list(properties, scratch.demo)).toEqual({ p: json })
    })

    test('a map shows the name again of what was created on its own, but not of what came with the namespace', async () => {
      const p = { title: 'T', type: 'string' } as const
      const { namespace, properties, pathTo } = await inNamespace({ visibility: 'public', properties: { p } })
      await create(properties, string('q'))
      const expected = { p, q: string('q') }
      expect(await list(properties)).toEqual(expected)
      expect((await scratch.admin.image('GET', pathOf(namespace))).json()).toMatchObject({ properties: expected })
      expect((await scratch.admin.image('GET', pathTo('p'))).json()).toEqual({ name: 'p', ...p })
    })

    test('the map is by name', async () => {
      const { properties } = await inNamespace()
      for (const name of ['z', 'a', 'm']) await create(properties, string(name))
      expect(Object.keys(await list(properties))).toEqual(['a', 'm', 'z'])
    })

    test.each([
      ['a number', 1.5, '1.5'],
      ['a boolean', true, 'True'],
      ['a list', [1], null],
      ['an object', { a: 1 }, null],
      ['null', null, null],
    ])('%s as default is kept as text, or not at all', async (_what, value, kept) => {
      const { properties, pathTo } = await inNamespace()
      expect((await create(properties, { ...string('p'), default: value })).default).toBe(kept)
      expect((await scratch.admin.image('GET', pathTo('p'))).json()).toMatchObject({ default: kept })
    })

    test('a default beyond ASCII is 400; of bounds only whole numbers are kept', async () => {
      const { properties } = await inNamespace()
      const json = { ...string('p'), default: 'ü' }
      await expectRefusal(scratch.admin, ['POST', properties, json], 400, 'Error decoding your request.')
      expect(await create(properties, { ...string('p'), minimum: -1.5, maximum: 2.9 })).toMatchObject({
        minimum: -1,
        maximum: 2,
      })
    })

    test.each([
      ['no name', { title: 'T', type: 'string' }, "'name' is a required property"],
      ['no title', { name: 'p', type: 'string' }, "'title' is a required property"],
      ['no type', { name: 'p', title: 'T' }, "'type' is a required property"],
      ['81 characters', string('p'.repeat(81)), `'${'p'.repeat(81)}' is too long`],
      ['null as type', { name: 'p', title: 'T', type: null }, "None is not of type 'string'"],
      [
        'an unknown field',
        { ...string('p'), confidential: true },
        "Additional properties are not allowed ('confidential' was unexpected)",
      ],
      ['a negative length', { ...string('p'), maxLength: -1 }, '-1 is less than the minimum of 0'],
      ['a negative number of items', { ...string('p'), minItems: -1 }, '-1 is less than the minimum of 0'],
      ['a bound that is no number', { ...string('p'), minimum: 'x' }, "'x' is not of type 'number'"],
      ['an empty list of required names', { ...string('p'), required: [] }, '[] should be non-empty'],
    ])('%s is 400', async (_what, json, reason) => {
      const { properties } = await inNamespace()
      const text = `Provided object does not match schema 'property': ${reason}`
      await expectRefusal(scratch.admin, ['POST', properties, json], 400, text)
    })

    test.each([
      ['choices that are no text', { enum: [1, 2] }],
      ['items without a type', { items: {} }],
      ['items with an unknown field', { items: { type: 'string', x: 1 } }],
      ['required names', { required: ['x'] }],
    ])('%s cannot be kept: 400, where Glance fails', async (_what, fields) => {
      const { properties } = await inNamespace()
      const answer = await scratch.admin.image('POST', properties, { json: { ...string('p'), ...fields } })
      expect(answer.status).toBe(scratch.target.isReal ? 500 : 400)
      expect(await list(properties)).toEqual({})
    })

    test('times are 403: only the server sets them', async () => {
      const { properties } = await inNamespace()
      const json = { ...string('p'), created_at: 'x' }
      await expectRefusal(scratch.admin, ['POST', properties, json], 403, "Attribute 'created_at' is read-only.")
    })

    test('the same name again is 409', async () => {
      const { namespace, properties } = await inNamespace()
      await create(properties, string('p'))
      await expectRefusal(
        scratch.admin,
        ['POST', properties, string('p')],
        409,
        `A metadata definition property with name=p already exists in namespace=${namespace}.`,
      )
    })

    test('PUT replaces all of it and may rename it', async () => {
      const { properties, pathTo } = await inNamespace()
      await create(properties, { ...string('p'), description: 'd' })
      const json = { ...string('q'), enum: ['x'] }
      const put = await scratch.admin.image('PUT', pathTo('p'), { json })
      expectStatus(put, 200)
      expect(put.json()).toEqual(json)
      expect(await list(properties)).toEqual({ q: json })
      await expectRefusal(scratch.admin, ['GET', pathTo('p')], 404, 'Could not find property p')
      await expectRefusal(scratch.admin, ['PUT', pathTo('p'), json], 404, 'Could not find property p')
      const text = "Provided object does not match schema 'property': 'name' is a required property"
      await expectRefusal(scratch.admin, ['PUT', pathTo('q'), { title: 'T', type: 'string' }], 400, text)
    })

    test('renaming to a name that exists changes nothing', async () => {
      const { properties, pathTo } = await inNamespace()
      for (const name of ['p', 'q']) await create(properties, string(name))
      const put = await scratch.admin.image('PUT', pathTo('p'), { json: string('q') })
      // Glance 33 fails while it writes the message of its 409.
      expect(put.status).toBe(scratch.target.isReal ? 500 : 409)
      expect(await list(properties)).toEqual({ p: string('p'), q: string('q') })
    })

    test('?resource_type= takes the prefix of the type off the name', async () => {
      const { namespace, properties, pathTo } = await inNamespace({
        visibility: 'public',
        resource_type_associations: [{ name: 'OS::Nova::Flavor', prefix: 'hw:' }, { name: 'OS::Nova::Server' }],
      })
      await create(properties, string('p'))
      const path = (name: string, type: string) => `${pathTo(name)}?resource_type=${type}`
      const found = await scratch.demo.image('GET', path('hw:p', 'OS::Nova::Flavor'))
      expectStatus(found, 200)
      expect(found.json()).toEqual(string('p'))
      expectStatus(await scratch.demo.image('GET', path('p', '')), 200)
      const refused = (name: string, type: string, text: string) =>
        expectRefusal(scratch.demo, ['GET', path(name, type)], 404, text)
      const other = (prefix: string) =>
        `Property p does not start with the expected resource type association prefix of '${prefix}'.`
      await refused('p', 'OS::Nova::Flavor', other('hw:'))
      await refused('p', 'OS::Nova::Server', other('None'))
      await refused('hw:q', 'OS::Nova::Flavor', 'Could not find property q')
      const unknown = scratch.name()
      await refused('p', unknown, `The metadata definition resource-type with name=${unknown}, was not found.`)
      await createNamespace(scratch, { resource_type_associations: [{ name: unknown }] })
      await refused(
        'p',
        unknown,
        `The metadata definition resource-type association of resource-type=${unknown} to namespace=${namespace}, was not found.`,
      )
    })

    test('one is deleted once, all are deleted at once', async () => {
      const { properties, pathTo } = await inNamespace()
      for (const name of ['a', 'b', 'c']) await create(properties, string(name))
      expectStatus(await scratch.admin.image('DELETE', pathTo('a')), 204)
      await expectRefusal(scratch.admin, ['DELETE', pathTo('a')], 404, 'Could not find property a')
      expectStatus(await scratch.admin.image('DELETE', properties), 204)
      expect(await list(properties)).toEqual({})
    })

    test('writing is for admins', async () => {
      const { properties, pathTo } = await inNamespace()
      await create(properties, string('p'))
      const refused = (request: readonly [string, string, unknown?], action: string) =>
        expectRefusal(scratch.demo, request, 403, `You are not authorized to complete ${action} action.`)
      await refused(['POST', properties, string('q')], 'add_metadef_property')
      await refused(['PUT', pathTo('p'), string('p')], 'modify_metadef_property')
      await refused(['DELETE', pathTo('p')], 'remove_metadef_property')
      await refused(['DELETE', properties], 'delete_metadef_namespace')
    })

    test('in a namespace that the caller does not see, nothing exists', async () => {
      const { namespace, properties, pathTo } = await inNamespace({})
      for (const [method, path, json] of [
        ['GET', properties],
        ['POST', properties, string('p')],
        ['DELETE', properties],
        ['GET', pathTo('p')],
        ['PUT', pathTo('p'), string('p')],
        ['DELETE', pathTo('p')],
      ] as const) {
        await expectRefusal(scratch.demo, [method, path, json], 404, `Namespace ${namespace} not found`)
      }
    })

    test.each(['a::b', 'a%b', 'a%2Fb', 'a b', 'a?b#c', "a'b", 'p'.repeat(80)])(
      'the name %j is found by its path',
      async (name) => {
        const { properties, pathTo } = await inNamespace()
        await create(properties, string(name))
        expect((await scratch.admin.image('GET', pathTo(name))).json()).toEqual(string(name))
        expectStatus(await scratch.admin.image('DELETE', pathTo(name)), 204)
      },
    )
  })
}
