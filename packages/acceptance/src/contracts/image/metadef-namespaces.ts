import { expect, test } from 'vitest'
import type { WireMetadefNamespace } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import {
  createNamespace,
  expectRefusal,
  namespaces,
  pathOf,
  trackNamespace,
  wireTimePattern,
} from './metadefs-scratch.js'

/** /v2/metadefs/namespaces. */
export function metadefNamespacesContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('metadef namespaces', makeTarget, (scratch) => {
    const read = async (name: string, query = '') => {
      const answer = await scratch.admin.image('GET', `${pathOf(name)}${query}`)
      expectStatus(answer, 200)
      return answer.json<WireMetadefNamespace>()
    }
    const name81 = 'n'.repeat(81)

    test('a name is enough: it is private, not protected, and belongs to the project of the caller', async () => {
      const namespace = scratch.name()
      trackNamespace(scratch, namespace)
      const made = await scratch.admin.image('POST', namespaces, { json: { namespace } })
      expectStatus(made, 201)
      expect(made.headers['location']).toMatch(new RegExp(`${pathOf(namespace)}$`))
      const { created_at, updated_at, ...rest } = made.json<WireMetadefNamespace>()
      expect(rest).toEqual({
        namespace,
        visibility: 'private',
        protected: false,
        owner: scratch.admin.projectId,
        self: pathOf(namespace),
        schema: '/v2/schemas/metadefs/namespace',
      })
      expect([created_at, updated_at]).toEqual([
        expect.stringMatching(wireTimePattern),
        expect.stringMatching(wireTimePattern),
      ])
      expect(await read(namespace)).toEqual(made.json())
    })

    test('it is created with all that it holds', async () => {
      const type = `type-${scratch.name()}`.slice(0, 80)
      const made = await createNamespace(scratch, {
        display_name: 'D',
        description: 'd',
        owner: 'someone',
        visibility: 'public',
        resource_type_associations: [{ name: type, prefix: 'p_', properties_target: 'image' }],
        properties: { b: { title: 'B', type: 'string', enum: ['x'] }, a: { title: 'A', type: 'integer', minimum: 1 } },
        objects: [
          { name: 'o2', required: ['c'], properties: { c: { title: 'C', type: 'boolean' } } },
          { name: 'o1', description: 'first' },
        ],
        tags: [{ name: 't1' }, { name: 't2' }],
      })
      // What was sent comes back at once; what is stored has times and links.
      expect(made.resource_type_associations).toEqual([{ name: type, prefix: 'p_', properties_target: 'image' }])
      expect(made.objects?.map(({ name }) => name)).toEqual(['o2', 'o1'])
      const stored = await read(made.namespace)
      expect(stored).toMatchObject({ display_name: 'D', description: 'd', owner: 'someone', visibility: 'public' })
      expect(stored.resource_type_associations).toEqual([
        {
          name: type,
          prefix: 'p_',
          properties_target: 'image',
          created_at: expect.stringMatching(wireTimePattern),
          updated_at: expect.stringMatching(wireTimePattern),
        },
      ])
      expect(stored.properties).toEqual({
        a: { title: 'A', type: 'integer', minimum: 1 },
        b: { title: 'B', type: 'string', enum: ['x'] },
      })
      expect(stored.objects).toMatchObject([
        {
          name: 'o1',
          description: 'first',
          required: [],
          properties: {},
          self: pathOf(made.namespace, 'objects', 'o1'),
          schema: '/v2/schemas/metadefs/object',
        },
        { name: 'o2', required: ['c'], properties: { c: { title: 'C', type: 'boolean' } } },
      ])
      expect(stored.tags).toEqual([{ name: 't2' }, { name: 't1' }])
    })

    test('?resource_type= puts its prefix before the names of properties', async () => {
      const { namespace } = await createNamespace(scratch, {
        resource_type_associations: [{ name: 'OS::Nova::Flavor', prefix: 'hw:' }, { name: 'OS::Nova::Server' }],
        properties: { a: { title: 'A', type: 'string' } },
        objects: [{ name: 'o', required: ['b'], properties: { b: { title: 'B', type: 'string' } } }],
      })
      const names = async (type: string) => {
        const { properties = {}, objects = [] } = await read(namespace, `?resource_type=${type}`)
        return [...Object.keys(properties), ...objects.flatMap((each) => Object.keys(each.properties ?? {}))]
      }
      expect(await names('OS::Nova::Flavor')).toEqual(['hw:a', 'hw:b'])
      expect((await read(namespace, '?resource_type=OS::Nova::Flavor')).objects?.[0]?.required).toEqual(['hw:b'])
      expect(await names('OS::Nova::Server')).toEqual(['a', 'b'])
      expect(await names('unknown')).toEqual(['a', 'b'])
      expect(await names('')).toEqual(['a', 'b'])
    })

    test.each([
      ['tags', { tags: [{ name: 'a' }, { name: 'a' }] }, 'A metadata tag with name=a already exists'],
      ['objects', { objects: [{ name: 'a' }, { name: 'a' }] }, 'A metadata definition object with name=a already'],
      [
        'associations',
        { resource_type_associations: [{ name: 'OS::Nova::Flavor' }, { name: 'OS::Nova::Flavor' }] },
        'The metadata definition resource-type association of resource-type=OS::Nova::Flavor to namespace=',
      ],
    ])('two %s of one name are 409, and nothing is created', async (_what, content, text) => {
      const namespace = scratch.name()
      trackNamespace(scratch, namespace)
      await expectRefusal(scratch.admin, ['POST', namespaces, { namespace, ...content }], 409, text)
      await expectRefusal(
        scratch.admin,
        ['GET', pathOf(namespace)],
        404,
        `Metadata definition namespace=${namespace} was not found.`,
      )
    })

    test('the same name again is 409', async () => {
      const { namespace } = await createNamespace(scratch)
      await expectRefusal(
        scratch.admin,
        ['POST', namespaces, { namespace }],
        409,
        `The metadata definition namespace=${namespace} already exists.`,
      )
    })

    test.each([
      ['no name', {}, "'namespace' is a required property"],
      ['a name that is no text', { namespace: 5 }, "5 is not of type 'string'"],
      ['81 characters', { namespace: name81 }, `'${name81}' is too long`],
      ['an unknown field', { namespace: 'x', bad: 1 }, "Additional properties are not allowed ('bad' was unexpected)"],
      [
        'two unknown fields',
        { namespace: 'x', bad: 1, worse: 2 },
        "Additional properties are not allowed ('bad', 'worse' were unexpected)",
      ],
      [
        'an unknown visibility',
        { namespace: 'x', visibility: 'shared' },
        "'shared' is not one of ['public', 'private']",
      ],
      ['protected as text', { namespace: 'x', protected: 'yes' }, "'yes' is not of type 'boolean'"],
      ['null', { namespace: 'x', display_name: null }, "None is not of type 'string'"],
      ['a property without a type', { namespace: 'x', properties: { a: { title: 'A' } } }, "'type' is a required"],
      ['a long description', { namespace: 'x', description: 'd'.repeat(501) }, "'ddd"],
    ])('%s is 400', async (_what, json, reason) => {
      const text = `Provided object does not match schema 'namespace': ${reason}`
      await expectRefusal(scratch.admin, ['POST', namespaces, json], 400, text)
    })

    test.each(['self', 'schema', 'created_at', 'updated_at'])('%s is 403: only the server sets it', async (field) => {
      const json = { namespace: 'x', [field]: 'y' }
      await expectRefusal(scratch.admin, ['POST', namespaces, json], 403, `Attribute '${field}' is read-only.`)
    })

    test('no body, half a JSON and plain text are 400', async () => {
      expectStatus(await scratch.admin.image('POST', namespaces), 400)
      const headers = { 'content-type': 'application/json' }
      expectStatus(await scratch.admin.image('POST', namespaces, { body: '{"namespace"', headers }), 400)
      expectStatus(await scratch.admin.image('POST', namespaces, { body: '"x"', headers }), 400)
    })

    test('a name of 80 characters is kept', async () => {
      const namespace = scratch.name().padEnd(80, 'x')
      await createNamespace(scratch, { namespace })
      expect((await read(namespace)).namespace).toBe(namespace)
    })

    test.each(['a::b', 'a%b', 'a%2Fb', 'a b', 'a?b#c', 'a+b', "a'b", 'a.json'])(
      'a name like %j is found by its path',
      async (like) => {
        const namespace = `${scratch.name()}-${like}`
        const made = await createNamespace(scratch, { namespace, tags: [{ name: 't' }] })
        expect(made.self).toBe(`${namespaces}/${namespace}`)
        expect((await read(namespace)).namespace).toBe(namespace)
        expectStatus(await scratch.admin.image('GET', pathOf(namespace, 'tags', 't')), 200)
      },
    )

    test('PUT replaces its fields, leaves what it holds, and may rename it', async () => {
      const made = await createNamespace(scratch, {
        display_name: 'D',
        description: 'd',
        visibility: 'public',
        owner: 'someone',
        tags: [{ name: 't' }],
      })
      const renamed = scratch.name()
      trackNamespace(scratch, renamed)
      const put = await scratch.admin.image('PUT', pathOf(made.namespace), {
        json: { namespace: renamed, tags: [{ name: 'other' }] },
      })
      expectStatus(put, 200)
      const expected = {
        namespace: renamed,
        visibility: 'private',
        protected: false,
        owner: scratch.admin.projectId,
        self: pathOf(renamed),
      }
      expect(put.json()).toMatchObject(expected)
      expect(put.json()).not.toHaveProperty('tags')
      const stored = await read(renamed)
      expect(stored).toMatchObject({ ...expected, tags: [{ name: 't' }] })
      expect(stored).not.toHaveProperty('display_name')
      expectStatus(await scratch.admin.image('GET', pathOf(made.namespace)), 404)
    })

    test('renaming to a name that exists is 409; an unknown one is 404, PUT without a name 400', async () => {
      const [one, other] = [await createNamespace(scratch), await createNamespace(scratch)]
      await expectRefusal(
        scratch.admin,
        ['PUT', pathOf(one.namespace), { namespace: other.namespace }],
        409,
        `Invalid update. It would result in a duplicate metadata definition namespace with the same name of ${other.namespace}`,
      )
      const absent = scratch.name()
      const text = `Namespace ${absent} not found`
      await expectRefusal(scratch.admin, ['PUT', pathOf(absent), { namespace: absent }], 404, text)
      await expectRefusal(scratch.admin, ['DELETE', pathOf(absent)], 404, text)
      await expectRefusal(
        scratch.admin,
        ['PUT', pathOf(one.namespace), {}],
        400,
        "Provided object does not match schema 'namespace': 'namespace' is a required property",
      )
    })

    test('a protected one cannot be deleted, nor anything in it', async () => {
      const { namespace } = await createNamespace(scratch, {
        protected: true,
        resource_type_associations: [{ name: 'OS::Nova::Flavor' }],
        properties: { p: { title: 'P', type: 'string' } },
        objects: [{ name: 'o' }],
        tags: [{ name: 't' }],
      })
      const refused = (path: string, what: string) =>
        expectRefusal(
          scratch.admin,
          ['DELETE', path],
          403,
          `Metadata definition ${what} is protected and cannot be deleted.`,
        )
      await refused(pathOf(namespace), `namespace ${namespace}`)
      for (const kind of ['objects', 'properties', 'tags'])
        await refused(pathOf(namespace, kind), `namespace ${namespace}`)
      await refused(pathOf(namespace, 'objects', 'o'), 'object o')
      await refused(pathOf(namespace, 'properties', 'p'), 'property p')
      await refused(pathOf(namespace, 'tags', 't'), 'tag t')
      await refused(
        pathOf(namespace, 'resource_types', 'OS::Nova::Flavor'),
        'resource-type-association OS::Nova::Flavor',
      )
      expect(await read(namespace)).toMatchObject({ tags: [{ name: 't' }], objects: [{ name: 'o' }] })
    })

    test('DELETE removes it with all that it holds', async () => {
      const { namespace } = await createNamespace(scratch, { objects: [{ name: 'o' }], tags: [{ name: 't' }] })
      expectStatus(await scratch.admin.image('DELETE', pathOf(namespace)), 204)
      expectStatus(await scratch.admin.image('GET', pathOf(namespace)), 404)
      await createNamespace(scratch, { namespace })
      expect(await read(namespace)).not.toHaveProperty('tags')
    })

    test('other methods are 405, bodies where none is read 400', async () => {
      const { namespace } = await createNamespace(scratch)
      const allowed = async (method: string, path: string) => {
        const answer = await scratch.admin.image(method, path)
        expectStatus(answer, 405)
        return answer.headers['allow']
      }
      expect(await allowed('PUT', namespaces)).toBe('GET, POST')
      expect(await allowed('POST', pathOf(namespace))).toBe('GET, PUT, DELETE')
      expect(await allowed('HEAD', pathOf(namespace))).toBe('GET, PUT, DELETE')
      expectStatus(await scratch.admin.image('GET', pathOf(namespace), { body: 'x' }), 400)
      expectStatus(await scratch.admin.image('DELETE', pathOf(namespace), { body: 'x' }), 400)
    })
  })
}
