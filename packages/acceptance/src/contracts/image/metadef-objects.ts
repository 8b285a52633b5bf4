import { expect, test } from 'vitest'
import type { WireMetadefObject } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'
import { createNamespace, expectRefusal, pathOf, wireTimePattern } from './metadefs-scratch.js'

/** /v2/metadefs/namespaces/{namespace}/objects. */
export function metadefObjectsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('metadef objects', makeTarget, (scratch) => {
    const inNamespace = async (fields: Parameters<typeof createNamespace>[1] = { visibility: 'public' }) => {
      const { namespace } = await createNamespace(scratch, fields)
      return {
        namespace,
        objects: pathOf(namespace, 'objects'),
        pathTo: (name: string) => pathOf(namespace, 'objects', name),
      }
    }
    const create = async (objects: string, json: unknown) => {
      const made = await scratch.admin.image('POST', objects, { json })
      expectStatus(made, 201)
      return made.json<WireMetadefObject>()
    }
    const list = async (objects: string, account: Account = scratch.admin) => {
      const answer = await account.image('GET', objects)
      expectStatus(answer, 200)
      return answer.json<{ objects: WireMetadefObject[]; schema: string }>()
    }
    const string = (title: string) => ({ title, type: 'string' })
    const name81 = 'o'.repeat(81)

    test('an object is created with what was sent, times and links', async () => {
      const { objects, pathTo } = await inNamespace()
      const json = { name: 'o', description: 'd', required: ['a', 'b'], properties: { a: string('A') } }
      const made = await create(objects, json)
      expect(made).toEqual({
        ...json,
        created_at: expect.stringMatching(wireTimePattern),
        updated_at: expect.stringMatching(wireTimePattern),
        self: pathTo('o'),
        schema: '/v2/schemas/metadefs/object',
      })
      const shown = await scratch.target.reader.image('GET', pathTo('o'))
      expectStatus(shown, 200)
      expect(shown.json()).toEqual(made)
    })

    test('what was left out is shown as empty later', async () => {
      const { objects, pathTo } = await inNamespace()
      expect(await create(objects, { name: 'o' })).not.toHaveProperty('required')
      const shown = (await scratch.admin.image('GET', pathTo('o'))).json()
      expect(shown).toMatchObject({ name: 'o', required: [], properties: {} })
      expect(shown).not.toHaveProperty('description')
    })

    test('a required name with a comma becomes two', async () => {
      const { objects, pathTo } = await inNamespace()
      await create(objects, { name: 'o', required: ['a,b'] })
      expect((await scratch.admin.image('GET', pathTo('o'))).json()).toMatchObject({ required: ['a', 'b'] })
    })

    test('the list is complete and by name, and ignores limit, marker and order', async () => {
      const { objects } = await inNamespace()
      for (const name of ['z', 'a', 'm']) await create(objects, { name })
      for (const query of ['', '?limit=1', '?marker=unknown', '?sort_key=unknown&sort_dir=asc', '?visibility=shared']) {
        const page = await list(objects + query)
        expect([query, page.objects.map(({ name }) => name)]).toEqual([query, ['a', 'm', 'z']])
        expect(page.schema).toBe('v2/schemas/metadefs/objects')
      }
    })

    test.each([
      ['limit=0', 'limit param must be positive'],
      ['limit=x', 'limit param must be an integer'],
      ['sort_dir=up', 'Invalid sort direction: up'],
      ['visibility=x', 'Invalid visibility value: x'],
    ])('the query %s is 400', async (query, text) => {
      const { objects } = await inNamespace()
      await expectRefusal(scratch.admin, ['GET', `${objects}?${query}`], 400, text)
    })

    test('the same name again is 409', async () => {
      const { namespace, objects } = await inNamespace()
      await create(objects, { name: 'o' })
      await expectRefusal(
        scratch.admin,
        ['POST', objects, { name: 'o' }],
        409,
        `A metadata definition object with name=o already exists in namespace=${namespace}.`,
      )
    })

    test.each([
      ['no name', {}, "object': 'name' is a required property"],
      ['81 characters', { name: name81 }, `object': '${name81}' is too long`],
      ['an unknown field', { name: 'o', x: 1 }, "object': Additional properties are not allowed ('x' was unexpected)"],
      ['a name twice', { name: 'o', required: ['a', 'a'] }, "object': ['a', 'a'] has non-unique elements"],
      ['no list', { name: 'o', required: 'a' }, "object': 'a' is not of type 'array'"],
      ['no type', { name: 'o', properties: { a: { title: 'A' } } }, "object': 'type' is a required property"],
      [
        'an unknown type',
        { name: 'o', properties: { a: { title: 'A', type: 'str' } } },
        "object': 'str' is not one of ['array', 'boolean', 'integer', 'number', 'object', 'string', None]",
      ],
      [
        'an unknown field of a property',
        { name: 'o', properties: { a: { ...string('A'), x: 1 } } },
        "property': Additional properties are not allowed ('x' was unexpected)",
      ],
    ])('%s is 400', async (_what, json, reason) => {
      const { objects } = await inNamespace()
      const text = `Provided object does not match schema '${reason}`
      await expectRefusal(scratch.admin, ['POST', objects, json], 400, text)
    })

    test('fields that only the server sets are 403, no body 400', async () => {
      const { objects } = await inNamespace()
      for (const field of ['self', 'schema', 'created_at', 'updated_at']) {
        const json = { name: 'o', [field]: 'x' }
        await expectRefusal(scratch.admin, ['POST', objects, json], 403, `Attribute '${field}' is read-only.`)
      }
      await expectRefusal(scratch.admin, ['POST', objects], 400, 'Body expected in request.')
    })

    test('PUT replaces all of it and may rename it', async () => {
      const { objects, pathTo } = await inNamespace()
      await create(objects, { name: 'o', description: 'd', required: ['a'], properties: { a: string('A') } })
      const put = await scratch.admin.image('PUT', pathTo('o'), { json: { name: 'p', properties: { b: string('B') } } })
      expectStatus(put, 200)
      expect(put.json()).toMatchObject({ name: 'p', properties: { b: string('B') }, self: pathTo('p') })
      const shown = (await scratch.admin.image('GET', pathTo('p'))).json()
      expect(shown).toMatchObject({ name: 'p', required: [], properties: { b: string('B') } })
      expect(shown).not.toHaveProperty('description')
      await expectRefusal(scratch.admin, ['GET', pathTo('o')], 404, 'Could not find metadata object o')
    })

    test('renaming to a name that exists changes nothing', async () => {
      const { objects, pathTo } = await inNamespace()
      for (const name of ['o', 'p']) await create(objects, { name })
      const put = await scratch.admin.image('PUT', pathTo('o'), { json: { name: 'p' } })
      // Glance 33 fails while it writes the message of its 409.
      expect(put.status).toBe(scratch.target.isReal ? 500 : 409)
      expect((await list(objects)).objects.map(({ name }) => name)).toEqual(['o', 'p'])
    })

    test('PUT without a name is 400, of an unknown one 404', async () => {
      const { objects, pathTo } = await inNamespace()
      await create(objects, { name: 'o' })
      const text = "Provided object does not match schema 'object': 'name' is a required property"
      await expectRefusal(scratch.admin, ['PUT', pathTo('o'), { description: 'd' }], 400, text)
      const absent = 'Could not find metadata object x'
      await expectRefusal(scratch.admin, ['PUT', pathTo('x'), { name: 'x' }], 404, absent)
      await expectRefusal(scratch.admin, ['DELETE', pathTo('x')], 404, absent)
      await expectRefusal(scratch.admin, ['GET', pathTo('x')], 404, absent)
    })

    test('one is deleted once, all are deleted at once', async () => {
      const { objects, pathTo } = await inNamespace()
      for (const name of ['a', 'b', 'c']) await create(objects, { name })
      expectStatus(await scratch.admin.image('DELETE', pathTo('a')), 204)
      await expectRefusal(scratch.admin, ['DELETE', pathTo('a')], 404, 'Could not find metadata object a')
      expectStatus(await scratch.admin.image('DELETE', objects), 204)
      expect((await list(objects)).objects).toEqual([])
      expectStatus(await scratch.admin.image('DELETE', objects), 204)
    })

    test('writing is for admins', async () => {
      const { objects, pathTo } = await inNamespace()
      await create(objects, { name: 'o' })
      const refused = (request: readonly [string, string, unknown?], action: string) =>
        expectRefusal(scratch.demo, request, 403, `You are not authorized to complete ${action} action.`)
      await refused(['POST', objects, { name: 'p' }], 'add_metadef_object')
      await refused(['PUT', pathTo('o'), { name: 'o' }], 'modify_metadef_object')
      await refused(['DELETE', pathTo('o')], 'delete_metadef_object')
      await refused(['DELETE', objects], 'delete_metadef_namespace')
      expect((await list(objects, scratch.demo)).objects.map(({ name }) => name)).toEqual(['o'])
    })

    test('in a namespace that the caller does not see, nothing exists', async () => {
      const { namespace, objects, pathTo } = await inNamespace({})
      const text = `Namespace ${namespace} not found`
      for (const [method, path, json] of [
        ['GET', objects],
        ['POST', objects, { name: 'o' }],
        ['DELETE', objects],
        ['GET', pathTo('o')],
        ['PUT', pathTo('o'), { name: 'o' }],
        ['DELETE', pathTo('o')],
      ] as const) {
        await expectRefusal(scratch.demo, [method, path, json], 404, text)
      }
      const absent = scratch.name()
      await expectRefusal(
        scratch.demo,
        ['GET', pathOf(absent, 'objects')],
        404,
        `Metadata definition namespace=${absent} was not found.`,
      )
      await expectRefusal(scratch.admin, ['DELETE', pathOf(absent, 'objects')], 404, `Namespace ${absent} not found`)
    })

    test.each(['a::b', 'a%b', 'a%2Fb', 'a b', 'a?b#c', "a'b", 'a.json', 'o'.repeat(80)])(
      'the name %j is found by its path',
      async (name) => {
        const { namespace, objects, pathTo } = await inNamespace()
        expect((await create(objects, { name })).self).toBe(`/v2/metadefs/namespaces/${namespace}/objects/${name}`)
        expect((await scratch.admin.image('GET', pathTo(name))).json()).toMatchObject({ name })
        expectStatus(await scratch.admin.image('DELETE', pathTo(name)), 204)
      },
    )

    test('a name with a slash or beyond ASCII can be listed, but no path leads to it', async () => {
      const { objects, pathTo } = await inNamespace()
      for (const name of ['a/b', 'ü☃']) {
        await create(objects, { name })
        expectStatus(await scratch.admin.image('GET', pathTo(name)), 404)
      }
      expect((await list(objects)).objects.map(({ name }) => name)).toEqual(['a/b', 'ü☃'])
      expectStatus(await scratch.admin.image('DELETE', objects), 204)
    })

    test('other methods are 405', async () => {
      const { objects, pathTo } = await inNamespace()
      for (const [method, path, allow] of [
        ['PUT', objects, 'GET, POST, DELETE'],
        ['PATCH', pathTo('o'), 'GET, PUT, DELETE'],
      ] as const) {
        const answer = await scratch.admin.image(method, path)
        expectStatus(answer, 405)
        expect(answer.headers['allow']).toBe(allow)
      }
      expectStatus(await scratch.admin.image('DELETE', pathTo('o'), { body: 'x' }), 400)
    })
  })
}
