import type {
  WireMetadefAssociation,
  WireMetadefNamespace,
  WireMetadefObject,
  WireMetadefProperty,
  WireMetadefTag,
} from '@tyrax/protocol'
import { decodeTime } from '../../http/wire-time.js'
import type {
  MetadefAssociation,
  MetadefNamespace,
  MetadefNamespaceParams,
  MetadefObject,
  MetadefObjectParams,
  MetadefProperty,
  MetadefTag,
} from './definitions.js'

/** Where the wire and TypeScript meet for metadata definitions. */

export function decodeNamespace(wire: unknown): MetadefNamespace {
  const source = (wire ?? {}) as Partial<WireMetadefNamespace>
  if (typeof source.namespace !== 'string') throw new Error('the response is not a namespace')
  return {
    namespace: source.namespace,
    displayName: source.display_name ?? null,
    description: source.description ?? null,
    visibility: source.visibility ?? 'private',
    protected: source.protected ?? false,
    owner: source.owner ?? null,
    ...decodeTimes(source),
    resourceTypes: (source.resource_type_associations ?? []).map(decodeAssociation),
    properties: decodeProperties(source.properties),
    objects: (source.objects ?? []).map(decodeObject),
    tags: (source.tags ?? []).map((tag) => tag.name),
  }
}

export function decodeObject(wire: unknown): MetadefObject {
  const source = (wire ?? {}) as Partial<WireMetadefObject>
  if (typeof source.name !== 'string') throw new Error('the response is not an object of a namespace')
  return {
    name: source.name,
    description: source.description ?? null,
    required: source.required ?? [],
    properties: decodeProperties(source.properties),
    ...decodeTimes(source),
  }
}

/** By name; a name may be any text, `__proto__` included. */
export function decodeProperties(wire: unknown): Readonly<Record<string, MetadefProperty>> {
  const properties = Object.create(null) as Record<string, MetadefProperty>
  for (const [name, property] of Object.entries((wire ?? {}) as Readonly<Record<string, unknown>>)) {
    properties[name] = decodeProperty(property)
  }
  return properties
}

export function decodeProperty(wire: unknown): MetadefProperty {
  if (typeof wire !== 'object' || wire === null) throw new Error('the response is not a property of a namespace')
  const { name: _, ...property } = wire as WireMetadefProperty
  return property
}

export function decodeTag(wire: unknown): MetadefTag {
  const source = (wire ?? {}) as Partial<WireMetadefTag>
  if (typeof source.name !== 'string') throw new Error('the response is not a tag of a namespace')
  return { name: source.name, ...decodeTimes(source) }
}

export function decodeAssociation(wire: WireMetadefAssociation): MetadefAssociation {
  const { name, prefix, properties_target } = wire
  return {
    name,
    ...(prefix !== undefined && { prefix }),
    ...(properties_target !== undefined && { propertiesTarget: properties_target }),
  }
}

export function encodeNamespace(params: MetadefNamespaceParams): WireMetadefNamespace {
  const { namespace, displayName, description, visibility, owner, resourceTypes, properties, objects, tags } = params
  return {
    namespace,
    ...(displayName !== undefined && { display_name: displayName }),
    ...(description !== undefined && { description }),
    ...(visibility !== undefined && { visibility }),
    ...(params.protected !== undefined && { protected: params.protected }),
    ...(owner !== undefined && { owner }),
    ...(resourceTypes !== undefined && { resource_type_associations: resourceTypes.map(encodeAssociation) }),
    ...(properties !== undefined && { properties: encodeProperties(properties) }),
    ...(objects !== undefined && { objects: objects.map(encodeObject) }),
    ...(tags !== undefined && { tags: tags.map((name) => ({ name })) }),
  }
}

export function encodeObject({ name, description, required, properties }: MetadefObjectParams): WireMetadefObject {
  return {
    name,
    ...(description !== undefined && { description }),
    ...(required !== undefined && { required: [...required] }),
    ...(properties !== undefined && { properties: encodeProperties(properties) }),
  }
}

/** The same on the wire, where nothing is declared read-only. */
function encodeProperties(properties: Readonly<Record<string, MetadefProperty>>): Record<string, WireMetadefProperty> {
  return { ...properties } as Record<string, WireMetadefProperty>
}

export function encodeAssociation({ name, prefix, propertiesTarget }: MetadefAssociation): WireMetadefAssociation {
  return {
    name,
    ...(prefix !== undefined && { prefix }),
    ...(propertiesTarget !== undefined && { properties_target: propertiesTarget }),
  }
}

/** The namespaces that come with Glance have no time of a change. */
function decodeTimes(wire: { readonly created_at?: string; readonly updated_at?: string }) {
  const time = (text: string | undefined) => (text === undefined ? null : decodeTime(text))
  return { createdAt: time(wire.created_at), updatedAt: time(wire.updated_at) }
}
