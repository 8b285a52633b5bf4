import { arrayAt, readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import { decodeObject, encodeObject } from './codec.js'
import type { MetadefObject, MetadefObjectParams, MetadefObjectUpdate } from './definitions.js'
import { checkName, namespacePath } from './names.js'

export async function readObjects(
  { client }: ImageContext,
  namespace: string,
  { signal }: CallOptions,
): Promise<MetadefObject[]> {
  const response = await client.request({ method: 'GET', path: namespacePath(namespace, 'objects'), signal })
  return readJson(response, (body) => arrayAt(body, 'objects').map(decodeObject))
}

export async function readObject(
  { client }: ImageContext,
  namespace: string,
  name: string,
  { signal }: CallOptions,
): Promise<MetadefObject> {
  checkName('object', name)
  const response = await client.request({ method: 'GET', path: namespacePath(namespace, 'objects', name), signal })
  return readJson(response, decodeObject)
}

export async function createObject(
  { client }: ImageContext,
  namespace: string,
  params: MetadefObjectParams,
  { signal }: CallOptions,
): Promise<MetadefObject> {
  checkName('object', params.name)
  const path = namespacePath(namespace, 'objects')
  return readJson(await client.request({ method: 'POST', path, json: encodeObject(params), signal }), decodeObject)
}

/** PUT replaces the whole object, so its body is the object as it is, with the changes. */
export async function updateObject(
  context: ImageContext,
  namespace: string,
  name: string,
  changes: MetadefObjectUpdate,
  options: CallOptions,
): Promise<MetadefObject> {
  if (changes.name !== undefined) checkName('object', changes.name)
  const fresh = await readObject(context, namespace, name, options)
  const { name: newName = name, description = fresh.description ?? undefined } = changes
  const { required = fresh.required, properties = fresh.properties } = changes
  return putObject(context, namespace, name, { name: newName, description, required, properties }, options)
}

export async function putObject(
  { client }: ImageContext,
  namespace: string,
  name: string,
  params: MetadefObjectParams,
  { signal }: CallOptions,
): Promise<MetadefObject> {
  const path = namespacePath(namespace, 'objects', name)
  return readJson(await client.request({ method: 'PUT', path, json: encodeObject(params), signal }), decodeObject)
}
