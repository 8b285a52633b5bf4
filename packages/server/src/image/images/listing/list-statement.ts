import type { ImageSortKey } from '@tyrax/protocol'
import type { Caller } from '../../../context.js'
import type { ImageRecord } from '../image-record.js'
import { filterCondition, tagCondition, type Condition } from './conditions.js'
import type { ListQuery, SortStep } from './list-query.js'

/**
 * SQL that selects the ids of a page's images and when each was last changed. Its text depends only on the query's
 * shape, never on its values.
 */
export interface ListStatement {
  readonly sql: string
  readonly values: (string | number | null)[]
}

/**
 * Builds the statement for a page: the images that the caller may see, that match the filters and follow the marker, in
 * order.
 * @throws invalid for a filter value that cannot be parsed
 */
export function listStatement(query: ListQuery, caller: Caller, marker: ImageRecord | undefined): ListStatement {
  const conditions: Condition[] = [{ sql: 'i.deleted = 0', values: [] }]
  if (!caller.isAdmin) conditions.push(visibleTo(caller.projectId ?? null, query.memberStatus))
  conditions.push(...withVisibility(query.visibility, caller.projectId ?? null))
  for (const [key, value] of query.filters) conditions.push(filterCondition(key, value))
  for (const tag of query.tags) conditions.push(tagCondition(tag))
  if (marker !== undefined) conditions.push(pastMarker(query.sort, marker))
  const order = query.sort.map(({ key, direction }) => `${sortable(key)} ${direction}`).join(', ')
  return {
    sql: `SELECT i.id, i.updated_at FROM images i WHERE ${conditions.map((each) => each.sql).join(' AND ')}
          ORDER BY ${order} LIMIT ?`,
    values: [...conditions.flatMap((each) => each.values), query.limit],
  }
}

/**
 * The images that a project can see: public, community, its own, and those shared with it that have this member status
 * (`_select_images_query`).
 */
function visibleTo(project: string | null, memberStatus: string): Condition {
  const answered = memberStatus === 'all' ? '' : ' AND m.status = ?'
  return {
    sql: `(i.visibility IN ('public', 'community') OR i.owner = ? OR (i.visibility = 'shared' AND EXISTS
      (SELECT 1 FROM image_members m WHERE m.image_id = i.id AND m.member_id = ?${answered})))`,
    values: [project, project, ...(memberStatus === 'all' ? [] : [memberStatus])],
  }
}

/** Leaves out other projects' community images unless they are requested. */
function withVisibility(visibility: string | undefined, project: string | null): Condition[] {
  if (visibility === 'all') return []
  if (visibility !== undefined) return [{ sql: 'i.visibility = ?', values: [visibility] }]
  return [{ sql: `(i.visibility <> 'community' OR i.owner = ?)`, values: [project] }]
}

/**
 * Rows after the marker: later in the first key, or equal there and later in the second, and so on (`_paginate_query`).
 */
function pastMarker(sort: readonly SortStep[], marker: ImageRecord): Condition {
  const values: (string | number | null)[] = []
  const alternatives = sort.map((step, at) => {
    const level = sort.slice(0, at).map(({ key }) => {
      values.push(markerValue(marker, key))
      return `${sortable(key)} = ?`
    })
    values.push(markerValue(marker, step.key))
    return `(${[...level, `${sortable(step.key)} ${step.direction === 'asc' ? '>' : '<'} ?`].join(' AND ')})`
  })
  const [first] = sort
  if (first === undefined) return { sql: '1', values: [] }
  // Implied by the alternatives, but lets SQLite seek to the marker in an index instead of scanning up to it.
  const bound = `${sortable(first.key)} ${first.direction === 'asc' ? '>=' : '<='} ?`
  return { sql: `${bound} AND (${alternatives.join(' OR ')})`, values: [markerValue(marker, first.key), ...values] }
}

/** Null sorts and pages like the empty value of its type, so that every page boundary is well ordered. */
const nullStandIn: Partial<Record<ImageSortKey, string | number>> = {
  name: '',
  container_format: '',
  disk_format: '',
  size: 0,
}

function sortable(key: ImageSortKey): string {
  const standIn = nullStandIn[key]
  if (standIn === undefined) return `i.${key}`
  return `coalesce(i.${key}, ${typeof standIn === 'number' ? standIn : `''`})`
}

function markerValue(marker: ImageRecord, key: ImageSortKey): string | number | null {
  return marker[key] ?? nullStandIn[key] ?? null
}
