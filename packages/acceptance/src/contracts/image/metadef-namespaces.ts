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

    test('what is shown of a namespace can be sent again, but for links and times of its own', async () => {
      const { namespace } = await createNamespace(scratch, {
        resource_type_associations: [{ name: 'OS::Nova::Flavor', prefix: 'hw:' }],
        properties: { a: { title: 'A', type: 'string' } },
        objects: [{ name: 'o', required: ['b'], properties: { b: { title: 'B', type: 'string' } } }],
        tags: [{ name: 't' }],
      })
      const {
        self: _self,
        schema: _schema,
        created_at: _created,
        updated_at: _updated,
        ...shown
      } = await read(namespace)
      expectStatus(await scratch.admin.image('PUT', pathOf(namespace), { json: shown }), 200)
      const [half, other] = [scratch.name(), scratch.name()]
      trackNamespace(scratch, half)
      const refused = await scratch.admin.image('POST', namespaces, { json: { ...shown, namespace: half } })
      expect(refused.status).toBe(scratch.target.isReal ? 500 : 400)
      // An object's own link is the one thing more that must go from a new namespace.
      const objects = shown.objects?.map(({ self: _self, ...object }) => object) ?? []
      await createNamespace(scratch, { ...shown, objects, namespace: other })
      const copy = await read(other)
      expect(copy).toMatchObject({ properties: shown.properties, tags: shown.tags })
      expect(copy.objects).toMatchObject([{ name: 'o', required: ['b'], self: pathOf(other, 'objects', 'o') }])
      expect(copy.resource_type_associations).toMatchObject([{ name: 'OS::Nova::Flavor', prefix: 'hw:' }])
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
