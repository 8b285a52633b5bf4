import {
  type ContainerFormat,
  type DiskFormat,
  imageSortKeys,
  type ImageSortKey,
  type KnownImageStatus,
  memberStatusFilters,
  type MemberStatusFilter,
  sortDirections,
  type SortDirection,
  visibilityFilters,
  type VisibilityFilter,
} from '@tyrax/protocol'
import type { Query } from '../../service/service-client.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { checkPageSize } from '../../paging/page-size.js'
import { operatorValue, type TimeFilter, timeValues } from './filter-value.js'

/** A sort key and its direction: `name`, `size:desc`. */
export type ImageSort = ImageSortKey | `${ImageSortKey}:${SortDirection}`

/** Which images, and in which order. The server applies every filter; an image must match all of them. */
export interface ImageFilters {
  /** The exact name; several: any of them. Wildcards are not supported. */
  readonly name?: string | readonly string[] | undefined
  readonly id?: string | readonly string[] | undefined
  readonly status?: KnownImageStatus | readonly KnownImageStatus[] | undefined
  readonly diskFormat?: DiskFormat | readonly DiskFormat[] | undefined
  readonly containerFormat?: ContainerFormat | readonly ContainerFormat[] | undefined
  /** Without it: everything you can see except other projects' community images. `all`: those too. */
  readonly visibility?: VisibilityFilter | undefined
  /** For images shared with you. @default 'accepted', by the server */
  readonly memberStatus?: MemberStatusFilter | undefined
  /** A project's id. */
  readonly owner?: string | undefined
  /** Several: images that have all of them. */
  readonly tag?: string | readonly string[] | undefined
  /** Bytes, inclusive. */
  readonly sizeMin?: number | undefined
  /** Bytes, inclusive. */
  readonly sizeMax?: number | undefined
  readonly protected?: boolean | undefined
  /** true: only hidden images. @default false, by the server */
  readonly osHidden?: boolean | undefined
  readonly checksum?: string | undefined
  readonly osHashValue?: string | undefined
  readonly createdAt?: TimeFilter | Date | undefined
  readonly updatedAt?: TimeFilter | Date | undefined
  /** Custom properties by their exact value. */
  readonly properties?: Readonly<Record<string, string>> | undefined
  /** Sorting by one key. @default 'created_at', by the server */
  readonly sortKey?: ImageSortKey | undefined
  /** @default 'desc', by the server */
  readonly sortDir?: SortDirection | undefined
  /** Several sort keys, most important first: `name`, `name:asc`. Use it instead of `sortKey` and `sortDir`. */
  readonly sort?: ImageSort | `${ImageSort},${string}` | readonly ImageSort[] | undefined
}

/** What `images.list` takes: filters, order, and where to begin. */
export interface ImageListParams extends ImageFilters {
  /**
   * Number of images per page; the server returns no more than its own limit, usually 1000.
   * @default 25, by the server
   */
  readonly limit?: number | undefined
  /** The list begins after the image with this id. */
  readonly marker?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The filters as query parameters, in a fixed order.
 * @throws UsageError for what the server would misread or refuse
 */
export function filterQuery(filters: ImageFilters): Query {
  rejectUnknown(filters)
  const query: [string, string][] = []
  for (const [name, wire] of operatorNames) {
    const value = filters[name]
    if (value !== undefined) query.push([wire, operatorValue(name, value)])
  }
  for (const [name, wire] of plainNames) {
    const value = filters[name]
    if (value !== undefined) query.push([wire, String(value)])
  }
  oneOf('visibility', filters.visibility, visibilityFilters)
  oneOf('memberStatus', filters.memberStatus, memberStatusFilters)
  for (const tag of typeof filters.tag === 'string' ? [filters.tag] : (filters.tag ?? [])) query.push(['tag', tag])
  for (const [name, wire] of sizeNames) {
    const value = filters[name]
    if (value === undefined) continue
    if (!Number.isSafeInteger(value) || value < 0)
      throw new UsageError(`${name} is ${value}: give a whole number of bytes`)
    query.push([wire, String(value)])
  }
  for (const [name, wire] of timeNames) {
    const value = filters[name]
    if (value !== undefined) for (const one of timeValues(name, value)) query.push([wire, one])
  }
  for (const [name, value] of Object.entries(filters.properties ?? {})) {
    if (typeof value !== 'string') throw new UsageError(`properties.${name}: property values are strings`)
    query.push([name, value])
  }
  return [...query, ...sortQuery(filters)]
}

/** The query of one page. Only `marker` differs from page to page. */
export function pageQuery(filters: Query, limit: number | undefined, marker: string | undefined): Query {
  checkPageSize(limit)
  return [
    ...filters,
    ...(limit === undefined ? [] : [['limit', String(limit)] as const]),
    ...(marker === undefined ? [] : [['marker', marker] as const]),
  ]
}

/** A single `sort` parameter: servers keep only one of repeated parameters when they build `next`. */
function sortQuery({ sort, sortKey, sortDir }: ImageFilters): Query {
  if (sort !== undefined) {
    if (sortKey !== undefined || sortDir !== undefined) {
      throw new UsageError('sort and sortKey/sortDir do the same thing', { hint: 'give one of them' })
    }
    const parts = (typeof sort === 'string' ? sort.split(',') : sort).map((part) => part.trim())
    for (const part of parts) {
      const [key = '', direction, ...rest] = part.split(':')
      oneOf('sort', key, imageSortKeys)
      if (direction !== undefined) oneOf('sort', direction, sortDirections)
      if (rest.length > 0) throw new UsageError(`sort: ${part} has more than a key and a direction`)
    }
    return [['sort', parts.join(',')]]
  }
  oneOf('sortKey', sortKey, imageSortKeys)
  oneOf('sortDir', sortDir, sortDirections)
  return [
    ...(sortKey === undefined ? [] : [['sort_key', sortKey] as const]),
    ...(sortDir === undefined ? [] : [['sort_dir', sortDir] as const]),
  ]
}

function oneOf(name: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return
  throw new UsageError(`${name} cannot be ${JSON.stringify(value)}`, { hint: `use one of ${allowed.join(', ')}` })
}

/** Unknown names would be sent as property filters and match nothing. */
function rejectUnknown(filters: ImageFilters): void {
  for (const name of Object.keys(filters)) {
    if (known.has(name)) continue
    throw new UsageError(`images are not listed by ${name}`, {
      hint: `filter a custom property with properties: { ${JSON.stringify(name)}: … }`,
    })
  }
}

const operatorNames = [
  ['name', 'name'],
  ['id', 'id'],
  ['status', 'status'],
  ['diskFormat', 'disk_format'],
  ['containerFormat', 'container_format'],
] as const
const plainNames = [
  ['visibility', 'visibility'],
  ['memberStatus', 'member_status'],
  ['owner', 'owner'],
  ['protected', 'protected'],
  ['osHidden', 'os_hidden'],
  ['checksum', 'checksum'],
  ['osHashValue', 'os_hash_value'],
] as const
const sizeNames = [
  ['sizeMin', 'size_min'],
  ['sizeMax', 'size_max'],
] as const
const timeNames = [
  ['createdAt', 'created_at'],
  ['updatedAt', 'updated_at'],
] as const
const known: ReadonlySet<string> = new Set([
  ...[...operatorNames, ...plainNames, ...sizeNames, ...timeNames].map(([name]) => name),
  'tag',
  'properties',
  'sort',
  'sortKey',
  'sortDir',
  'limit',
  'marker',
  'signal',
  'returnRaw',
])
