import type { WireMetadefAssociation, WireMetadefResourceType } from '@tyrax/protocol'
import { arrayAt, readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import { decodeAssociation, encodeAssociation } from './codec.js'
import type { MetadefAssociation } from './definitions.js'
import { checkName, namespacePath } from './names.js'

export async function readResourceTypes({ client }: ImageContext, { signal }: CallOptions): Promise<string[]> {
  return readJson(await client.request({ method: 'GET', path: '/metadefs/resource_types', signal }), (body) =>
    arrayAt(body, 'resource_types').map((type) => (type as WireMetadefResourceType).name),
  )
}

export async function readAssociations(
  { client }: ImageContext,
  namespace: string,
  { signal }: CallOptions,
): Promise<MetadefAssociation[]> {
  const path = namespacePath(namespace, 'resource_types')
  return readJson(await client.request({ method: 'GET', path, signal }), (body) =>
    arrayAt(body, 'resource_type_associations').map((each) => decodeAssociation(each as WireMetadefAssociation)),
  )
}

export async function createAssociation(
  { client }: ImageContext,
  namespace: string,
  association: MetadefAssociation,
  { signal }: CallOptions,
): Promise<MetadefAssociation> {
  checkName('resource type', association.name)
  const path = namespacePath(namespace, 'resource_types')
  const response = await client.request({ method: 'POST', path, json: encodeAssociation(association), signal })
  return readJson(response, (body) => decodeAssociation(body as WireMetadefAssociation))
}
