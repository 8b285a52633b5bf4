import { decodeTime } from '../http/wire-time.js'
import { arrayOf, readJson } from '../http/read-json.js'
import type { Query, ServiceClient } from '../service/service-client.js'
import { containerPath } from './address.js'
import { checkPageSize } from '../paging/page-size.js'
import { type Page, PagedList } from '../paging/paged-list.js'

/** What both lists of object storage take. */
export interface ObjectListParams {
  /** Number of entries per page. @default the server's maximum, usually 10000 */
  readonly limit?: number | undefined
  /** The list begins after this name. */
  readonly marker?: string | undefined
  /** The list ends before this name. */
  readonly endMarker?: string | undefined
  /** Only names with this prefix. */
  readonly prefix?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** What `objects.list` takes. */
export interface ObjectsParams extends ObjectListParams {
  /** Shows all names that are the same up to this character as one entry, like a folder. */
  readonly delimiter?: string | undefined
}

/** A container, as a list shows it. */
export interface ContainerEntry {
  readonly name: string
  readonly objects: number
  readonly bytes: number
}

/** An object, as a list shows it. */
export interface ObjectEntry {
  readonly kind: 'object'
  readonly name: string
  readonly bytes: number
  readonly etag: string
  readonly contentType: string
  readonly lastModified: Date
}

/** Names with the same beginning, when a delimiter is used. */
export interface ObjectFolder {
  readonly kind: 'folder'
  /** The common beginning, delimiter included. */
  readonly folder: string
}

export function listContainers(client: ServiceClient, params: ObjectListParams): PagedList<ContainerEntry> {
  return listPages(
    client,
    () => '/',
    params,
    [],
    (entry) => {
      const { name, count, bytes } = entry as { name: string; count: number; bytes: number }
      return { entry: { name, objects: count, bytes }, name }
    },
  )
}

export function listObjects(
  client: ServiceClient,
  container: string,
  params: ObjectsParams,
): PagedList<ObjectEntry | ObjectFolder> {
  const delimiter: Query = params.delimiter === undefined ? [] : [['delimiter', params.delimiter]]
  return listPages(client, () => containerPath(container), params, delimiter, decodeObject)
}

/** A name, and the marker to continue after it. */
interface Named<T> {
  readonly entry: T
  readonly name: string
}

function decodeObject(wire: unknown): Named<ObjectEntry | ObjectFolder> {
  const { subdir, name, bytes, hash, content_type, last_modified } = wire as Record<string, unknown>
  if (typeof subdir === 'string') return { entry: { kind: 'folder', folder: subdir }, name: subdir }
  const entry: ObjectEntry = {
    kind: 'object',
    name: String(name),
    bytes: Number(bytes),
    etag: String(hash),
    contentType: String(content_type),
    lastModified: decodeTime(last_modified),
  }
  return { entry, name: entry.name }
}

/** Swift has no `next`: a list continues after its last name until a page is empty, or shorter than was requested. */
function listPages<T>(
  client: ServiceClient,
  where: () => string,
  params: ObjectListParams,
  more: Query,
  decode: (wire: unknown) => Named<T>,
): PagedList<T> {
  const { limit, prefix, endMarker, signal } = params
  return new PagedList<T>(async (next): Promise<Page<T>> => {
    checkPageSize(limit)
    const marker = next ?? params.marker
    const query: [string, string][] = [['format', 'json']]
    if (limit !== undefined) query.push(['limit', String(limit)])
    if (marker !== undefined) query.push(['marker', marker])
    if (endMarker !== undefined) query.push(['end_marker', endMarker])
    if (prefix !== undefined) query.push(['prefix', prefix])
    const response = await client.request({ method: 'GET', path: where(), query: [...query, ...more], signal })
    const named = response.status === 204 ? [] : await readJson(response, (body) => arrayOf(body).map(decode))
    const items = named.map(({ entry }) => entry)
    const last = named.at(-1)?.name
    const isLast = last === undefined || (limit !== undefined && items.length < limit && limit <= 10_000)
    const bytes = response.received()
    return isLast ? { items, bytes } : { items, bytes, marker: last }
  })
}
