import { test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { createNamespace, expectRefusal, namespaces, pathOf, trackNamespace } from './metadefs-scratch.js'

/** What POST /v2/metadefs/namespaces refuses. */
export function metadefNamespacesRefusedContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('refused metadef namespaces', makeTarget, (scratch) => {
    const name81 = 'n'.repeat(81)

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
  })
}
