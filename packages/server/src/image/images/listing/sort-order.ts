import type { ImageSortKey } from '@tyrax/protocol'
import type { ImageRecord } from '../image-record.js'
import type { SortStep } from './list-query.js'
import type { Fragment, Source, Value } from './sources.js'

/** Null sorts and pages like the empty value of its type, so that every page boundary is well ordered. */
const nullStandIn: Partial<Record<string, string | number>> = {
  name: '',
  container_format: '',
  disk_format: '',
  size: 0,
}

/** The expression that images are sorted by. */
export function sortable(key: string): string {
  const standIn = nullStandIn[key]
  if (standIn === undefined) return `i.${key}`
  return `coalesce(i.${key}, ${typeof standIn === 'number' ? standIn : `''`})`
}

/** The empty value of a sort key that may be null. */
export function emptyValue(key: string): string | number | undefined {
  return nullStandIn[key]
}

/** The value that an image is sorted by. */
export function sortValue(image: ImageRecord, key: ImageSortKey): Value {
  return image[key] ?? nullStandIn[key] ?? null
}

/**
 * Rows after the marker: later in the first key, or equal there and later in the second, and so on (`_paginate_query`
 * of glance/db/sqlalchemy/api.py).
 */
export function pastMarker(sort: readonly SortStep[], marker: ImageRecord): Fragment {
  const values: Value[] = []
  const alternatives = sort.map((step, at) => {
    const level = sort.slice(0, at).map(({ key }) => {
      values.push(sortValue(marker, key))
      return `${sortable(key)} = ?`
    })
    values.push(sortValue(marker, step.key))
    return `(${[...level, `${sortable(step.key)} ${step.direction === 'asc' ? '>' : '<'} ?`].join(' AND ')})`
  })
  return { sql: `(${alternatives.join(' OR ')})`, values }
}

/** Whether the rows of a source are in the list's order. */
export function isOrdered(source: Source, sort: readonly SortStep[]): boolean {
  const steps = sort.filter(({ key }) => key !== source.fixed?.key)
  return (
    steps.every(({ direction }) => direction === steps[0]?.direction) &&
    steps.every(({ key }, at) => source.columns[at]?.key === key)
  )
}

/** Compares two lists of sort values as SQLite does: numbers by value, text by its UTF-8 bytes. */
export function compareBy(sort: readonly SortStep[]): (a: readonly Value[], b: readonly Value[]) => number {
  const signs = sort.map(({ direction }) => (direction === 'asc' ? 1 : -1))
  return (a, b) => {
    for (const [at, sign] of signs.entries()) {
      const order = compareValues(a[at] ?? null, b[at] ?? null)
      if (order !== 0) return sign * order
    }
    return 0
  }
}

export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b)
  if (a === null || b === null) return a === null ? -1 : 1
  return a < b ? -1 : 1
}

/** UTF-16 differs from UTF-8 only in that characters of two units, from 0xD800 on, come before those from 0xE000 on. */
function compareTexts(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  let at = 0
  while (at < shared && a.charCodeAt(at) === b.charCodeAt(at)) at += 1
  if (at === shared) return a.length - b.length
  const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
  return rank(left) - rank(right)
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000
}
