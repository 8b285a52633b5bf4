import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/** /v2/schemas/metadefs/{name}: the structure of the documents; descriptions are each server's own. */
export function schemasContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('schemas of metadata definitions', makeTarget, (scratch) => {
    const read = async (name: string) => {
      const answer = await scratch.target.reader.image('GET', `/v2/schemas/metadefs/${name}`)
      expectStatus(answer, 200)
      return answer.json<Document>()
    }
    const items = [
      ['namespace', 'namespace', ['namespace']],
      ['object', 'object', ['name']],
      ['property', 'property', ['name', 'title', 'type']],
      ['tag', 'tag', ['name']],
      ['resource_type', 'resource_type_association', ['name']],
    ] as const

    test.each(items)('%s', async (path, name, required) => {
      const document = await read(path)
      expect(document).toMatchObject({ name, additionalProperties: false })
      expect(document.required?.toSorted()).toEqual(required)
      expect(Object.keys(document.properties).toSorted()).toEqual(fields[path])
      expect(Object.keys(document.definitions ?? {}).toSorted()).toEqual(definitions[path])
    })

    test.each([
      ['namespaces', 'namespace', 'namespaces'],
      ['objects', 'object', 'objects'],
      ['tags', 'tag', 'tags'],
      ['resource_types', 'resource_type', 'resource_type_associations'],
    ] as const)('%s is a paged list of them', async (path, item, name) => {
      const [document, { definitions: itemDefinitions, ...itemDocument }] = [await read(path), await read(item)]
      expect(document).toEqual({
        name,
        properties: { [name]: { type: 'array', items: itemDocument }, ...pageFields },
        links: pageRelations,
        ...(itemDefinitions && { definitions: itemDefinitions }),
      })
    })

    test('properties is a map of them, where the key is the name', async () => {
      const [document, property] = [await read('properties'), await read('property')]
      const { definitions: itemDefinitions, required: _required, ...itemDocument } = property
      const { properties: map, ...others } = document.properties as Record<
        string,
        Document & { additionalProperties: Document }
      >
      expect(others).toEqual(pageFields)
      expect(map).toMatchObject({ type: 'object', additionalProperties: itemDocument })
      expect(map?.additionalProperties.required?.toSorted()).toEqual(['title', 'type'])
      expect(document).toMatchObject({ name: 'properties', links: pageRelations, definitions: itemDefinitions })
    })

    test('lengths, choices and what only the server sets', async () => {
      const { properties } = await read('namespace')
      expect(properties).toMatchObject({
        namespace: { type: 'string', maxLength: 80 },
        display_name: { type: 'string', maxLength: 80 },
        description: { type: 'string', maxLength: 500 },
        owner: { type: 'string', maxLength: 255 },
        visibility: { type: 'string', enum: ['public', 'private'] },
        protected: { type: 'boolean' },
        created_at: { type: 'string', readOnly: true, format: 'date-time' },
        self: { type: 'string', readOnly: true },
        properties: { $ref: '#/definitions/property' },
      })
      const property = await read('property')
      expect(property.properties).toMatchObject({
        type: { enum: ['array', 'boolean', 'integer', 'number', 'object', 'string', null] },
        minLength: { $ref: '#/definitions/positiveIntegerDefault0' },
        required: { $ref: '#/definitions/stringArray' },
      })
      expect(property.definitions).toMatchObject({
        positiveInteger: { type: 'integer', minimum: 0 },
        stringArray: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
      })
    })

    test('another name is 404, another method 405, a body 400', async () => {
      expectStatus(await scratch.demo.image('GET', '/v2/schemas/metadefs/unknown'), 404)
      const answer = await scratch.demo.image('POST', '/v2/schemas/metadefs/namespace')
      expectStatus(answer, 405)
      expect(answer.headers['allow']).toBe('GET')
      expectStatus(await scratch.demo.image('GET', '/v2/schemas/metadefs/namespace', { body: 'x' }), 400)
    })
  })
}

interface Document {
  readonly name: string
  readonly properties: Readonly<Record<string, object>>
  readonly required?: readonly string[]
  readonly definitions?: Readonly<Record<string, object>>
}

const pageFields = { first: { type: 'string' }, next: { type: 'string' }, schema: { type: 'string' } }
const pageRelations = [
  { rel: 'first', href: '{first}' },
  { rel: 'next', href: '{next}' },
  { rel: 'describedby', href: '{schema}' },
]

const words = (text: string) => text.split(' ').toSorted()
const fields = {
  namespace: words(
    'namespace display_name description visibility protected owner created_at updated_at schema self resource_type_associations properties objects tags',
  ),
  object: words('name description required properties schema self created_at updated_at'),
  property: words(
    'name title description operators type required minimum maximum maxLength minLength pattern enum readonly default items maxItems minItems uniqueItems additionalItems',
  ),
  tag: words('name created_at updated_at'),
  resource_type: words('name prefix properties_target created_at updated_at'),
}
const amounts = ['positiveInteger', 'positiveIntegerDefault0']
const definitions = {
  namespace: [...amounts, 'property', 'stringArray'],
  object: [...amounts, 'property', 'stringArray'],
  property: [...amounts, 'stringArray'],
  tag: [],
  resource_type: [],
}
