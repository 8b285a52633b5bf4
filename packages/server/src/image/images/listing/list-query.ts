import {
  defaultPageSize,
  imageSortKeys,
  maxPageSize,
  memberStatusFilters,
  sortDirections,
  visibilityFilters,
  type ImageSortKey,
  type MemberStatusFilter,
  type SortDirection,
} from '@tyrax/protocol'
import { Refusal } from '../../../refusal.js'
import { invalid } from '../../errors.js'
import { storedFields } from '../image-record.js'

/** A request for a page of images, checked and with its defaults filled in. */
export interface ListQuery {
  readonly limit: number
  readonly marker: string | undefined
  readonly memberStatus: MemberStatusFilter
  /** Undefined: all except other projects' community images. */
  readonly visibility: string | undefined
  readonly tags: readonly string[]
  readonly sort: readonly SortStep[]
  /** All other filters, by key. */
  readonly filters: ReadonlyMap<string, string>
}

export interface SortStep {
  readonly key: ImageSortKey
  readonly direction: SortDirection
}

/**
 * Reads the query of `GET /v2/images` (glance/api/v2/images.py `RequestDeserializer.index`).
 * @throws invalid where Glance responds with 400
 */
export function parseListQuery(parameters: URLSearchParams): ListQuery {
  const memberStatus = parameters.get('member_status') ?? 'accepted'
  if (!(memberStatusFilters as readonly string[]).includes(memberStatus))
    throw invalid(`Invalid status: ${memberStatus}`)
  const filters = new Map<string, string>()
  for (const [key, value] of parameters) if (!pageParameters.has(key)) filters.set(key, value)
  const visibility = filters.get('visibility')
  filters.delete('visibility')
  if (visibility && !(visibilityFilters as readonly string[]).includes(visibility)) {
    throw invalid(`Invalid visibility value: ${visibility}`)
  }
  if (filters.get('changes-since')) throw invalid('The "changes-since" filter is no longer available on v2.')
  filters.set('os_hidden', (filters.get('os_hidden') ?? 'false').toLowerCase())
  for (const { wire, type } of storedFields) {
    const value = type === 'boolean' ? filters.get(wire) : undefined
    if (value !== undefined) filters.set(wire, readBoolean(wire, value))
  }
  const tags = [...new Set(parameters.getAll('tag').map((tag) => tag.trim()))]
  const sort = readSort(parameters)
  requireFewConditions(filters.size + tags.length)
  return {
    limit: readLimit(parameters.get('limit')),
    marker: parameters.get('marker') ?? undefined,
    memberStatus: memberStatus as MemberStatusFilter,
    visibility,
    tags,
    sort,
    filters,
  }
}

/**
 * SQLite limits the depth of an expression to 1,000; the conditions for the caller's rights and the marker count too.
 */
const mostConditions = 900

/** A front server would refuse such requests for their length; here the number of conditions is checked instead. */
function requireFewConditions(count: number): void {
  if (count > mostConditions) {
    throw new Refusal('too-many-conditions', `There are more than ${mostConditions} filters and tags.`)
  }
}

const pageParameters: ReadonlySet<string> = new Set([
  'limit',
  'marker',
  'member_status',
  'tag',
  'sort',
  'sort_key',
  'sort_dir',
  'deleted',
])

/** The stored form of a boolean filter, whose column holds 0 or 1. */
function readBoolean(key: string, value: string): string {
  if (value === 'true') return '1'
  if (value === 'false') return '0'
  throw invalid(`Invalid value '${value}' for '${key}' filter. Valid values are 'true' or 'false'.`)
}

function readLimit(text: string | null): number {
  if (text === null) return defaultPageSize
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw invalid('limit param must be an integer')
  const limit = Number(text)
  if (limit < 0) throw invalid('limit param must be positive')
  return Math.min(limit, maxPageSize)
}

/**
 * Reads `sort=key:dir,…` or repeated `sort_key` and `sort_dir`, but not both. `created_at` and `id` break ties, in the
 * requested direction if there is only one, otherwise descending.
 */
function readSort(parameters: URLSearchParams): SortStep[] {
  const { keys, directions } = parameters.has('sort') ? readNewSort(parameters) : readClassicSort(parameters)
  if (keys.length === 0) keys.push('created_at')
  if (directions.length === 0) directions.push('desc')
  const [only] = directions
  const tieDirection = directions.length === 1 && only !== undefined ? only : 'desc'
  // A repeated key has no effect on the order.
  const steps = keys.flatMap((key, at): SortStep[] =>
    keys.indexOf(key) === at ? [{ key, direction: directions[at] ?? tieDirection }] : [],
  )
  for (const key of ['created_at', 'id'] as const) {
    if (!keys.includes(key)) steps.push({ key, direction: tieDirection })
  }
  return steps
}

interface ReadSort {
  keys: ImageSortKey[]
  directions: SortDirection[]
}

function readNewSort(parameters: URLSearchParams): ReadSort {
  if (parameters.has('sort_key') || parameters.has('sort_dir')) {
    throw invalid('Old and new sorting syntax cannot be combined')
  }
  const read: ReadSort = { keys: [], directions: [] }
  for (const part of (parameters.get('sort') ?? '').trim().split(',')) {
    const at = part.indexOf(':')
    read.keys.push(sortKey((at < 0 ? part : part.slice(0, at)).trim()))
    read.directions.push(sortDirection((at < 0 ? '' : part.slice(at + 1)) || 'desc'))
  }
  return read
}

function readClassicSort(parameters: URLSearchParams): ReadSort {
  const keys = parameters.getAll('sort_key').map((key) => sortKey(key.trim()))
  const directions = parameters.getAll('sort_dir').map(sortDirection)
  if (directions.length > 1 && directions.length !== keys.length) {
    throw invalid('Number of sort dirs does not match the number of sort keys')
  }
  return { keys, directions }
}

function sortKey(key: string): ImageSortKey {
  if ((imageSortKeys as readonly string[]).includes(key)) return key as ImageSortKey
  throw invalid(`Invalid sort key: ${key}. It must be one of the following: ${imageSortKeys.join(', ')}.`)
}

function sortDirection(text: string): SortDirection {
  const direction = text.trim()
  if ((sortDirections as readonly string[]).includes(direction)) return direction as SortDirection
  throw invalid(`Invalid sort direction: ${direction}`)
}
