import { defaultPageSize, maxPageSize, taskStatuses, type SortDirection } from '@tyrax/protocol'
import { invalid } from '../errors.js'

/** What tasks can be sorted and filtered by: the columns of Glance's table (glance/db/sqlalchemy/models.py `Task`). */
export const taskColumns = [
  'id',
  'type',
  'status',
  'owner',
  'image_id',
  'user_id',
  'request_id',
  'created_at',
  'updated_at',
  'expires_at',
] as const
export type TaskColumn = (typeof taskColumns)[number]

/** A checked query for a page of tasks. */
export interface TaskQuery {
  readonly limit: number
  readonly marker: string | undefined
  readonly sortKey: TaskColumn
  readonly sortDirection: SortDirection
  /** Equality; every one applies. */
  readonly filters: ReadonlyMap<TaskColumn, string>
}

const uuid = /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i

/**
 * Reads the query of `GET /v2/tasks` (glance/api/v2/tasks.py `RequestDeserializer.index`). Unknown keys are ignored, and
 * `type` can only be `import`, as in Glance.
 * @throws invalid
 */
export function parseTaskQuery(parameters: URLSearchParams): TaskQuery {
  const given = new Map(parameters)
  const sortDirection = given.get('sort_dir') ?? 'desc'
  if (sortDirection !== 'asc' && sortDirection !== 'desc') throw invalid(`Invalid sort direction: ${sortDirection}`)
  const status = given.get('status') ?? ''
  if (status !== '' && !taskStatuses.some((known) => known === status)) throw invalid(`Invalid status value: ${status}`)
  const type = given.get('type') ?? ''
  if (type !== '' && type !== 'import') throw invalid(`Invalid type value: ${type}`)
  const marker = given.get('marker')
  if (marker !== undefined && !uuid.test(marker)) throw invalid('Invalid marker format')
  const limit = readLimit(given.get('limit'))
  const wantedKey = given.get('sort_key') ?? 'created_at'
  const sortKey = taskColumns.find((column) => column === wantedKey)
  if (sortKey === undefined) throw invalid('Sort key supplied was not valid.')
  const filters = taskColumns.flatMap((column): [TaskColumn, string][] => {
    const value = given.get(column)
    return value === undefined ? [] : [[column, value]]
  })
  return { limit, marker, sortKey, sortDirection, filters: new Map(filters) }
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return defaultPageSize
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw invalid('limit param must be an integer')
  if (Number(text) < 0) throw invalid('limit param must be positive')
  return Math.min(Number(text), maxPageSize)
}
