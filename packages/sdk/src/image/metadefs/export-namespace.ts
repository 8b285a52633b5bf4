import type { WireMetadefNamespace, WireMetadefProperty } from '@tyrax/protocol'
import { readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { MetadefNamespaceFile } from './definitions.js'
import { namespacePath } from './names.js'

/** What a server adds to a namespace and to what is in it, and refuses to be sent. */
const serverFields = new Set(['created_at', 'updated_at', 'self', 'schema'])

export async function exportNamespace(
  { client }: ImageContext,
  namespace: string,
  { signal }: CallOptions,
): Promise<MetadefNamespaceFile> {
  const response = await client.request({ method: 'GET', path: namespacePath(namespace), signal })
  return readJson(response, (body) => {
    const { owner: _, ...file } = withoutServerFields(body as WireMetadefNamespace)
    return file
  })
}

/** Glance shows the name again in a property that was sent alone, but not in one that came with its namespace. */
function withoutNames(properties: Readonly<Record<string, WireMetadefProperty>>): Record<string, WireMetadefProperty> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, named]) => {
      const { name: _, ...property } = named
      return [key, property] as const
    }),
  )
}

/** The namespace as it can be sent. Properties may have any name, so they are copied as they are. */
export function withoutServerFields(wire: WireMetadefNamespace): WireMetadefNamespace {
  const strip = <T extends object>(source: T): T =>
    Object.fromEntries(Object.entries(source).filter(([key]) => !serverFields.has(key))) as T
  const { resource_type_associations: types, properties, objects, tags, ...rest } = wire
  return {
    ...strip(rest),
    ...(properties && { properties: withoutNames(properties) }),
    ...(types && { resource_type_associations: types.map(strip) }),
    ...(objects && { objects: objects.map(strip) }),
    ...(tags && { tags: tags.map(({ name }) => ({ name })) }),
  }
}
