import { NotFoundError } from '../../errors/http-error.js'
import { ListInterruptedError } from '../../errors/list-errors.js'
import { arrayAt, readJson } from '../../http/read-json.js'
import type { Page } from '../../paging/paged-list.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import { decodeNamespace, encodeNamespace } from './codec.js'
import type {
  ForResourceType,
  MetadefNamespace,
  MetadefNamespaceListParams,
  MetadefNamespaceParams,
  MetadefNamespaceUpdate,
} from './definitions.js'
import { checkName, namespacePath } from './names.js'

/** GET /v2/metadefs/namespaces, one page. The marker is a name. */
export async function readNamespaces(
  { client }: ImageContext,
  params: MetadefNamespaceListParams,
  next: string | undefined,
): Promise<Page<MetadefNamespace>> {
  const { visibility, resourceTypes, limit, sortKey, sortDir, signal } = params
  const marker = next ?? params.marker
  const query = Object.entries({
    visibility,
    resource_types: resourceTypes?.join(','),
    limit: limit === undefined ? undefined : String(limit),
    marker,
    sort_key: sortKey,
    sort_dir: sortDir,
  }).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const response = await client
    .request({ method: 'GET', path: '/metadefs/namespaces', query, signal })
    .catch((error: unknown) => {
      if (marker === undefined || !(error instanceof NotFoundError)) throw error
      throw new ListInterruptedError(`there is no namespace ${marker} to list after`, marker, {
        cause: error,
        hint: 'it may have been deleted or renamed: list from the beginning',
      })
    })
  return readJson(response, (body) => {
    const items = arrayAt(body, 'namespaces').map(decodeNamespace)
    const last = items.at(-1)?.namespace
    const isLast = (body as Readonly<Record<string, unknown>>)['next'] === undefined || last === undefined
    return isLast ? { items } : { items, marker: last }
  })
}

export async function readNamespace(
  { client }: ImageContext,
  namespace: string,
  { resourceType, signal }: ForResourceType,
): Promise<MetadefNamespace> {
  const query = resourceType === undefined ? [] : ([['resource_type', resourceType]] as const)
  const response = await client.request({ method: 'GET', path: namespacePath(namespace), query, signal })
  return readJson(response, decodeNamespace)
}

export async function createNamespace(
  context: ImageContext,
  params: MetadefNamespaceParams,
  { signal }: CallOptions,
): Promise<MetadefNamespace> {
  checkName('namespace', params.namespace)
  const json = encodeNamespace(params)
  const response = await context.client.request({ method: 'POST', path: '/metadefs/namespaces', json, signal })
  return readJson(response, decodeNamespace)
}

/**
 * PUT /v2/metadefs/namespaces/{namespace}. It resets what its body leaves out (glance/api/v2/metadef_namespaces.py
 * `update`), so the body is the namespace as it is, with the changes.
 */
export async function updateNamespace(
  context: ImageContext,
  namespace: string,
  changes: MetadefNamespaceUpdate,
  options: CallOptions,
): Promise<MetadefNamespace> {
  if (changes.namespace !== undefined) checkName('namespace', changes.namespace)
  const fresh = await readNamespace(context, namespace, options)
  const displayName = changes.displayName === undefined ? fresh.displayName : changes.displayName
  const description = changes.description === undefined ? fresh.description : changes.description
  const owner = changes.owner ?? fresh.owner
  const json = {
    namespace: changes.namespace ?? fresh.namespace,
    visibility: changes.visibility ?? fresh.visibility,
    protected: changes.protected ?? fresh.protected,
    ...(displayName !== null && { display_name: displayName }),
    ...(description !== null && { description }),
    ...(owner !== null && { owner }),
  }
  const { client } = context
  const response = await client.request({
    method: 'PUT',
    path: namespacePath(namespace),
    json,
    // Once renamed, a repeated request would find nothing under the old name.
    ...(json.namespace === fresh.namespace && { retry: { methods: ['PUT'] } }),
    signal: options.signal,
  })
  return readJson(response, decodeNamespace)
}

export async function deleteBelow(
  { client }: ImageContext,
  namespace: string,
  below: readonly string[],
  { signal }: CallOptions,
): Promise<void> {
  await (await client.request({ method: 'DELETE', path: namespacePath(namespace, ...below), signal })).discard()
}
