import { metadefLimits, metadefPropertyTypes, metadefVisibilities } from '@tyrax/protocol'
import { pagedDocument } from './list-documents.js'
import type { Schema, SchemaDocument } from './schema.js'

/** The schema documents of metadata definitions (glance/api/v2/metadef_*.py), which bodies are checked against, too. */

const text = (description: string, maxLength?: number): Schema => ({
  type: 'string',
  description,
  ...(maxLength !== undefined && { maxLength }),
})
const name = (what: string): Schema => text(`The name of the ${what}.`, metadefLimits.nameLength)
const readOnlyText: Schema = { type: 'string', readOnly: true }
const time = (description: string): Schema => ({ ...readOnlyText, description, format: 'date-time' })
const times = (what: string) => ({
  created_at: time(`When the ${what} was created.`),
  updated_at: time(`When the ${what} was last changed.`),
})
const ref = (definition: string): Schema => ({ $ref: `#/definitions/${definition}` })
const typeOfValue: Schema = { type: 'string', enum: [...metadefPropertyTypes, null] }

const propertyFields: Readonly<Record<string, Schema>> = {
  name: { type: 'string', maxLength: metadefLimits.nameLength },
  title: { type: 'string' },
  description: { type: 'string' },
  operators: { type: 'array', items: { type: 'string' } },
  type: typeOfValue,
  required: ref('stringArray'),
  minimum: { type: 'number' },
  maximum: { type: 'number' },
  maxLength: ref('positiveInteger'),
  minLength: ref('positiveIntegerDefault0'),
  pattern: { type: 'string', format: 'regex' },
  enum: { type: 'array' },
  readonly: { type: 'boolean' },
  default: {},
  items: { type: 'object', properties: { type: typeOfValue, enum: { type: 'array' } } },
  maxItems: ref('positiveInteger'),
  minItems: ref('positiveIntegerDefault0'),
  uniqueItems: { type: 'boolean', default: false },
  additionalItems: { type: 'boolean' },
}

const stringArray: Schema = { type: 'array', items: { type: 'string' }, uniqueItems: true }
const amounts = {
  positiveInteger: { type: 'integer', minimum: 0 },
  positiveIntegerDefault0: { allOf: [ref('positiveInteger'), { default: 0 }] },
} satisfies Readonly<Record<string, Schema>>

/** Where properties are a map from names to what they may be. */
const definitions: Readonly<Record<string, Schema>> = {
  ...amounts,
  stringArray,
  property: {
    type: 'object',
    additionalProperties: { type: 'object', required: ['title', 'type'], properties: propertyFields },
  },
}

/** What a single property refers to: its list of required names may not be empty. */
const propertyDefinitions: Readonly<Record<string, Schema>> = {
  ...amounts,
  stringArray: { ...stringArray, minItems: 1 },
}

export const namespaceDocument: SchemaDocument = {
  name: 'namespace',
  properties: {
    namespace: text('The unique name of the namespace.', metadefLimits.nameLength),
    display_name: text('The name that people read.', metadefLimits.displayNameLength),
    description: text('What the namespace is for.', metadefLimits.descriptionLength),
    visibility: { type: 'string', description: 'Who sees the namespace.', enum: [...metadefVisibilities] },
    protected: { type: 'boolean', description: 'Whether deleting the namespace is refused.' },
    owner: text('The project that owns the namespace.', metadefLimits.ownerLength),
    ...times('namespace'),
    schema: readOnlyText,
    self: readOnlyText,
    resource_type_associations: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, prefix: { type: 'string' }, properties_target: { type: 'string' } },
      },
    },
    properties: ref('property'),
    objects: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          description: { type: 'string' },
          required: ref('stringArray'),
          properties: ref('property'),
        },
      },
    },
    tags: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
  },
  additionalProperties: false,
  definitions,
  required: ['namespace'],
}

export const objectDocument: SchemaDocument = {
  name: 'object',
  properties: {
    name: { type: 'string', maxLength: metadefLimits.nameLength },
    description: { type: 'string' },
    required: ref('stringArray'),
    properties: ref('property'),
    schema: readOnlyText,
    self: readOnlyText,
    ...times('object'),
  },
  additionalProperties: false,
  definitions,
  required: ['name'],
}

export const propertyDocument: SchemaDocument = {
  name: 'property',
  properties: propertyFields,
  additionalProperties: false,
  definitions: propertyDefinitions,
  required: ['type', 'title', 'name'],
}

/** A property in a map, where its name is the key. */
export const namelessPropertyDocument: SchemaDocument = { ...propertyDocument, required: ['type', 'title'] }

export const tagDocument: SchemaDocument = {
  name: 'tag',
  properties: { name: { type: 'string', maxLength: metadefLimits.nameLength }, ...times('tag') },
  additionalProperties: false,
  required: ['name'],
}

/** The body of `POST …/tags`. It is checked, but not among the documents that clients can read. */
export const tagListDocument: SchemaDocument = {
  name: 'tags',
  properties: {
    tags: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' } },
        required: ['name'],
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
}

export const associationDocument: SchemaDocument = {
  name: 'resource_type_association',
  properties: {
    name: name('type of resource, as in Heat templates if it is there'),
    prefix: text(
      'What the names of properties begin with on such a resource, separator included.',
      metadefLimits.prefixLength,
    ),
    properties_target: text('Where properties go if such a resource has several places for them.', 80),
    ...times('association'),
  },
  additionalProperties: false,
  required: ['name'],
}

/** The document of a list: what its items refer to is outside of them (glance/schema.py `CollectionSchema.raw`). */
function listOf(name: string, { definitions, ...item }: SchemaDocument): object {
  return { ...pagedDocument(name, item), ...(definitions && { definitions }) }
}

/** What `GET /v2/schemas/metadefs/{name}` returns, by name. */
export const metadefDocuments: Readonly<Record<string, object>> = {
  namespace: namespaceDocument,
  namespaces: listOf('namespaces', namespaceDocument),
  object: objectDocument,
  objects: listOf('objects', objectDocument),
  property: propertyDocument,
  properties: propertiesDocument(),
  tag: tagDocument,
  tags: listOf('tags', tagDocument),
  resource_type: associationDocument,
  resource_types: listOf('resource_type_associations', associationDocument),
}

/** Properties are listed as a map (`DictCollectionSchema.raw`). */
function propertiesDocument(): object {
  const { definitions, ...item } = namelessPropertyDocument
  const list = pagedDocument('properties', item)
  return {
    ...list,
    properties: { ...list.properties, properties: { type: 'object', additionalProperties: item } },
    definitions,
  }
}
