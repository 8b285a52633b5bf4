import {
  defaultPageSize,
  maxPageSize,
  metadefNamespaceSortKeys,
  type MetadefNamespaceSortKey,
  type SortDirection,
} from '@tyrax/protocol'
import { invalid } from '../../errors.js'
import { readDirection, readLimit, readSortKey } from '../page-parameters.js'

/** A request for a page of namespaces, checked and with its defaults filled in. */
export interface NamespaceQuery {
  readonly limit: number
  readonly key: MetadefNamespaceSortKey
  readonly direction: SortDirection
  /** The name of the last namespace of the page before. */
  readonly marker: string | undefined
  readonly visibility: string | undefined
  /** Only namespaces that are associated with one of these types. */
  readonly resourceTypes: readonly string[] | undefined
}

/**
 * Reads the query of `GET /v2/metadefs/namespaces` (glance/api/v2/metadef_namespaces.py `RequestDeserializer.index`).
 * Where Glance responds with 500, to a limit that is no number and to an unknown sort key, this is 400.
 * @throws invalid
 */
export function parseNamespaceQuery(parameters: URLSearchParams): NamespaceQuery {
  const limit = readLimit(parameters.get('limit'), 0) ?? defaultPageSize
  return {
    limit: Math.min(limit, maxPageSize),
    key: readSortKey(parameters.get('sort_key') ?? 'created_at', metadefNamespaceSortKeys),
    direction: readDirection(parameters.get('sort_dir')),
    marker: parameters.get('marker') ?? undefined,
    visibility: readNamespaceVisibility(parameters),
    resourceTypes: readResourceTypes(parameters.get('resource_types')),
  }
}

/** @throws invalid for an unknown visibility */
export function readNamespaceVisibility(parameters: URLSearchParams): string | undefined {
  const visibility = parameters.get('visibility') ?? undefined
  if (visibility && visibility !== 'public' && visibility !== 'private') {
    throw invalid(`Invalid visibility value: ${visibility}`)
  }
  return visibility
}

/** Above any useful list; SQLite's own limit is higher. */
const mostResourceTypes = 1000

function readResourceTypes(text: string | null): string[] | undefined {
  if (text === null) return undefined
  const types = [...new Set(text.split(','))]
  if (types.length > mostResourceTypes) throw invalid(`There are more than ${mostResourceTypes} resource_types.`)
  return types
}
