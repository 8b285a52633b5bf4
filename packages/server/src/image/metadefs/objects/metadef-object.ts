import type { WireMetadefObject } from '@tyrax/protocol'
import { checkSchema, schemaMismatch } from '../../schemas/check-schema.js'
import { namelessPropertyDocument, objectDocument } from '../../schemas/metadef-documents.js'
import { wireTime } from '../../images/wire-time.js'
import type { DefinitionRecord } from '../definitions/definition.js'
import { refuseOthers, toPropertyTypes, type PropertyTypes } from '../properties/property-type.js'
import { namespacePath } from '../namespace-path.js'
import { linksAndTimes } from '../read-only-fields.js'

/** An object as it is sent. */
export interface NewObject {
  readonly name: string
  readonly description?: string
  readonly required?: string[]
  readonly properties?: PropertyTypes
}

/**
 * Reads the body of a request that creates or changes an object (glance/api/v2/metadef_objects.py).
 * @throws invalid
 */
export function parseObject(body: unknown): NewObject {
  checkSchema(objectDocument, body)
  const { properties = {} } = body as { readonly properties?: Readonly<Record<string, unknown>> }
  for (const property of Object.values(properties)) checkSchema(namelessPropertyDocument, property)
  return toObject(body as Readonly<Record<string, unknown>>, 'object')
}

/**
 * An object within a namespace. Its times and links are ignored: clients send what was shown to them.
 * @param value matches the schema of the namespace, which demands no name
 * @throws invalid
 */
export function toObject(value: Readonly<Record<string, unknown>>, schema: string): NewObject {
  const { name, description, required, properties, ...others } = value
  refuseOthers(
    Object.keys(others).filter((key) => !shown.has(key)),
    schema,
  )
  if (typeof name !== 'string') throw schemaMismatch(schema, "'name' is a required property of an object")
  return {
    name,
    ...(description !== undefined && { description: description as string }),
    ...(required !== undefined && { required: required as string[] }),
    ...(properties !== undefined && {
      properties: toPropertyTypes(properties as Readonly<Record<string, unknown>>, schema),
    }),
  }
}

const shown: ReadonlySet<string> = new Set(linksAndTimes)

/** The texts of an object that databases must be able to keep. */
export function objectTexts({ name, required = [], description, properties }: NewObject): object {
  return { name, required: required.join(','), description, properties }
}

/** What is kept of it besides its name. Required names are joined by commas, so that one with a comma becomes two. */
export function objectContent({ description, required = [], properties = {} }: NewObject): string {
  return JSON.stringify({ description, required: required.length > 0 ? required.join(',') : undefined, properties })
}

interface ObjectContent {
  readonly description?: string
  readonly required?: string
  readonly properties: PropertyTypes
}

/** What a response about an object begins with. */
export function readObject({ name, content }: Pick<DefinitionRecord, 'name' | 'content'>): NewObject {
  const { description, required, properties } = JSON.parse(content) as ObjectContent
  return {
    name,
    required: required?.split(',') ?? [],
    ...(description !== undefined && { description }),
    properties,
  }
}

/** An object as Glance returns it. */
export function toWireObject(
  namespace: string,
  object: NewObject,
  { created_at, updated_at }: Pick<DefinitionRecord, 'created_at' | 'updated_at'>,
): WireMetadefObject {
  return {
    ...object,
    created_at: wireTime(created_at),
    ...(updated_at !== null && { updated_at: wireTime(updated_at) }),
    self: `${namespacePath(namespace)}/objects/${object.name}`,
    schema: '/v2/schemas/metadefs/object',
  }
}
