import { visibilities, type ImageSortKey } from '@tyrax/protocol'

import type { ImageSet } from './image-set.js'

export type Value = string | number | null

/** SQL, and the values of its placeholders. */
export interface Fragment {
  readonly sql: string
  readonly values: readonly (Value | ImageSet)[]
}

/** One side of a range of an index's first column. */
export interface Bound {
  readonly operator: '>' | '>=' | '<' | '<=' | '='
  readonly value: Value
}

/** The expressions of what an index has of an image. */
export interface IndexedImage {
  readonly number: string
  readonly id: string
  readonly createdAt: string
  /** Undefined where the index has neither of both. */
  readonly access?: { readonly owner: string; readonly visibility: string }
}

/**
 * A range of one index, every row of which is an image: what a list reads, and in what order. Each names its index, so
 * that no statistics are needed and a list takes the same way through a thousand images and through a million.
 */
export interface Source {
  readonly from: string
  /** The image that a row is of, in columns of the index. */
  readonly row: IndexedImage
  /** What holds for every row of it. */
  readonly where: Fragment
  /** The index's columns, in its order, after those that have a single value here. */
  readonly columns: readonly {
    readonly sql: string
    readonly key: ImageSortKey | undefined
  }[]
  /** The range of the first column. */
  readonly bounds: readonly Bound[]
  /** A sort key that has the same value in every row. */
  readonly fixed?: { readonly key: string; readonly value: Value }
  /** The images themselves, if no index has them. */
  readonly set?: CountedSet
}

/** A set, and the number of its images. */
export interface CountedSet {
  readonly set: ImageSet
  readonly count: number
}

const ofImages: IndexedImage = { number: 'i.number', id: 'i.id', createdAt: 'i.created_at' }
const withAccess: IndexedImage = {
  ...ofImages,
  access: { owner: 'i.owner', visibility: 'i.visibility' },
}
const created = [
  { sql: 'i.created_at', key: 'created_at' },
  { sql: 'i.id', key: 'id' },
] as const

/** The columns that have an index of their own, `images_by_…`, in which images with one value are in order of creation. */
const indexed: ReadonlySet<string> = new Set([
  'name',
  'status',
  'visibility',
  'container_format',
  'disk_format',
  'min_disk',
  'min_ram',
  'size',
  'created_at',
  'updated_at',
])
/** The indexes that end with the owner and the visibility. */
const accessible: ReadonlySet<string> = new Set([
  'name',
  'status',
  'container_format',
  'disk_format',
  'size',
  'created_at',
  'updated_at',
  'owner',
  'id',
])

/** The column that is hidden or not, and with it the beginning of each index. */
export type Hidden = 0 | 1

/** Images with this value in a column; undefined if no index has it. */
export function equalTo(column: string, value: Value, hidden: Hidden): Source | undefined {
  if (column === 'checksum' || column === 'os_hash_value') return withHash(column, value, hidden)
  if (column === 'id') {
    const { from, row, where } = indexOf(column, hidden)
    const columns = [{ sql: 'i.id', key: column }] as const
    return { from, row, where: and(where, 'i.id = ?', value), columns, bounds: [], fixed: { key: 'id', value } }
  }
  if (column === 'protected' && Number(value) === 1) {
    const { from, row, where } = indexOf(column, hidden)
    return {
      from,
      row,
      where: and(where, 'i.protected = 1'),
      columns: created,
      bounds: [],
    }
  }
  if (!indexed.has(column) || column === 'created_at') return undefined
  const { from, row, where } = indexOf(column, hidden)
  return {
    from,
    row,
    where: value === null ? and(where, `i.${column} IS NULL`) : and(where, `i.${column} = ?`, value),
    columns: created,
    bounds: [],
    fixed: { key: column, value },
  }
}

/** Images with a hash: the index has those that begin with the same two digits next to each other. */
function withHash(column: string, value: Value, hidden: Hidden): Source {
  return {
    from: `images i INDEXED BY images_by_${column}`,
    row: ofImages,
    where: {
      sql: `i.deleted = 0 AND i.os_hidden = ? AND substr(i.${column}, 1, 2) = substr(?, 1, 2) AND i.${column} = ?`,
      values: [hidden, value, value],
    },
    columns: created,
    bounds: [],
  }
}

/** Images in the order of a column; those without a value are in none of its ranges. */
export function rangeOf(column: string, bounds: readonly Bound[], hidden: Hidden): Source | undefined {
  if (column === 'id') {
    return { ...indexOf(column, hidden), columns: [{ sql: 'i.id', key: 'id' }], bounds }
  }
  if (!indexed.has(column)) return undefined
  const first = { sql: `i.${column}`, key: column as ImageSortKey }
  return {
    ...indexOf(column, hidden),
    columns: column === 'created_at' ? created : [first, ...created],
    bounds,
  }
}

/** The images of a project, of one visibility or of all. */
export function ownedBy(project: Value, visibility: string | undefined, hidden: Hidden): Source[] {
  const { from, row, where } = indexOf('owner', hidden)
  return (visibility === undefined ? visibilities : [visibility]).map((each) => ({
    from,
    row,
    where: and(where, 'i.owner = ? AND i.visibility = ?', project, each),
    columns: created,
    bounds: [],
  }))
}

/** Images with a tag. */
export function tagged(tag: string, hidden: Hidden): Source {
  return {
    from: 'image_tags t INDEXED BY image_tags_by_value',
    row: rowOf('t'),
    where: { sql: 't.value = ? AND t.image_hidden = ?', values: [tag, hidden] },
    columns: createdOf('t'),
    bounds: [],
  }
}

/** Images with a custom property of this value. */
export function withProperty(name: string, value: string, hidden: Hidden): Source {
  return {
    from: 'image_properties p INDEXED BY image_properties_by_value',
    row: rowOf('p'),
    where: {
      sql: 'p.name = ? AND p.value = ? AND p.image_hidden = ?',
      values: [name, value, hidden],
    },
    columns: createdOf('p'),
    bounds: [],
  }
}

/** Images that are shared with a project, in one of the states of its membership. */
export function sharedWith(project: string, status: string, hidden: Hidden): Source {
  return {
    from: 'image_members m INDEXED BY image_members_by_member',
    row: rowOf('m'),
    where: {
      sql: 'm.member_id = ? AND m.status = ? AND m.image_shared_hidden = ?',
      values: [project, status, hidden],
    },
    columns: createdOf('m'),
    bounds: [],
  }
}

/** Images of a set; these are in order of creation unless some images are late. */
export function inSet(set: CountedSet, hidden: Hidden, isInOrder: boolean): Source {
  return {
    from: 'images i',
    row: ofImages,
    where: { sql: 'i.deleted = 0 AND i.os_hidden = ?', values: [hidden] },
    columns: isInOrder ? created : [],
    bounds: [],
    set,
  }
}

function rowOf(alias: string): IndexedImage {
  return { number: `${alias}.image_number`, id: `${alias}.image_id`, createdAt: `${alias}.image_created_at` }
}

function createdOf(alias: string): Source['columns'] {
  return [
    { sql: `${alias}.image_created_at`, key: 'created_at' },
    { sql: `${alias}.image_id`, key: 'id' },
  ]
}

function indexOf(column: string, hidden: Hidden): Pick<Source, 'from' | 'row' | 'where'> {
  return {
    from: `images i INDEXED BY images_by_${column}`,
    row: accessible.has(column) ? withAccess : ofImages,
    where: {
      sql: `i.deleted = 0 AND i.os_hidden = ?`,
      values: [hidden],
    },
  }
}

function and({ sql, values }: Fragment, condition: string, ...more: Value[]): Fragment {
  return { sql: `${sql} AND ${condition}`, values: [...values, ...more] }
}
