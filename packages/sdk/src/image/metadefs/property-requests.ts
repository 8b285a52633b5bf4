import { readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import { decodeProperties, decodeProperty } from './codec.js'
import type { ForResourceType, MetadefProperty, MetadefPropertyUpdate } from './definitions.js'
import { checkName, namespacePath } from './names.js'

export async function readProperties(
  { client }: ImageContext,
  namespace: string,
  { signal }: CallOptions,
): Promise<Readonly<Record<string, MetadefProperty>>> {
  const response = await client.request({ method: 'GET', path: namespacePath(namespace, 'properties'), signal })
  return readJson(response, (body) => decodeProperties((body as Readonly<Record<string, unknown>>)['properties']))
}

export async function readProperty(
  { client }: ImageContext,
  namespace: string,
  name: string,
  { resourceType, signal }: ForResourceType,
): Promise<MetadefProperty> {
  checkName('property', name)
  const query = resourceType === undefined ? [] : ([['resource_type', resourceType]] as const)
  const path = namespacePath(namespace, 'properties', name)
  return readJson(await client.request({ method: 'GET', path, query, signal }), decodeProperty)
}

export async function createProperty(
  { client }: ImageContext,
  namespace: string,
  name: string,
  property: MetadefProperty,
  { signal }: CallOptions,
): Promise<MetadefProperty> {
  checkName('property', name)
  const path = namespacePath(namespace, 'properties')
  return readJson(await client.request({ method: 'POST', path, json: { ...property, name }, signal }), decodeProperty)
}

/** PUT replaces the whole property, so its body is the property as it is, with the changes. */
export async function updateProperty(
  context: ImageContext,
  namespace: string,
  name: string,
  changes: MetadefPropertyUpdate,
  options: CallOptions,
): Promise<MetadefProperty> {
  if (changes.name !== undefined) checkName('property', changes.name)
  const fresh = await readProperty(context, namespace, name, { signal: options.signal })
  const merged = Object.entries({ ...fresh, ...changes, name: changes.name ?? name })
  return putProperty(context, namespace, name, Object.fromEntries(merged.filter(([, value]) => value != null)), options)
}

export async function putProperty(
  { client }: ImageContext,
  namespace: string,
  name: string,
  json: Readonly<Record<string, unknown>>,
  { signal }: CallOptions,
): Promise<MetadefProperty> {
  const path = namespacePath(namespace, 'properties', name)
  return readJson(await client.request({ method: 'PUT', path, json, signal }), decodeProperty)
}
