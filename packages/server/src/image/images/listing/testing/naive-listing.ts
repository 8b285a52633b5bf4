import { memberStatuses } from '@tyrax/protocol'
import type { Caller } from '../../../../context.js'
import type { MemberRecord } from '../../../members/member-repository.js'
import { newImage } from '../../../testing/stock-fields.js'
import { withoutData, type ImageRecord } from '../../image-record.js'
import { parseIsoTime } from '../../wire-time.js'
import { splitOperator, splitQuoted } from '../filter-value.js'
import type { ListQuery, SortStep } from '../list-query.js'

/** Pseudo-random whole numbers from 0 on, the same in each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Images in which each filter meets many, few and none, and each sort key has ties and missing values. */
export function madeImages(count: number): ImageRecord[] {
  const next = numbers(1)
  const one = <T>(...values: T[]): T => {
    const value = values[next(values.length)]
    if (value === undefined) throw new Error('there is nothing to choose from')
    return value
  }
  return Array.from({ length: count }, (_, at): ImageRecord => {
    const created = (100 + next(200)) * 1_000_000
    const hex = () => next(0x10000).toString(16).padStart(4, '0')
    return {
      ...newImage({}),
      ...withoutData,
      id: `${hex()}${hex()}-${hex()}-${hex()}-${hex()}-${hex()}${at.toString(16).padStart(8, '0')}`,
      name: one(null, '', 'n0', 'n1', 'n2', 'n3', 'a,b', '\uffee', '\u{1f5a5}', `n${next(900)}`),
      status: next(50) === 0 ? 'saving' : one('queued', 'active', 'active', 'active'),
      visibility: one('public', 'private', 'shared', 'shared', 'community'),
      protected: next(20) === 0,
      os_hidden: next(10) === 0,
      checksum: one(null, 'c1', `c${next(50)}`),
      os_hash_algo: one(null, 'sha512'),
      os_hash_value: one(null, '0123456789abcdefx', '0123456789abcdefy', `${next(9)}`),
      owner: one('p0', 'p1', `p${next(20)}`, null),
      size: one(null, 0, next(10), next(1000)),
      virtual_size: one(null, next(1000)),
      container_format: one(null, '', 'bare', 'bare', 'ovf'),
      disk_format: one(null, 'raw', 'qcow2', 'vmdk'),
      min_disk: one(0, 0, 0, next(5)),
      min_ram: one(0, next(5)),
      created_at: created,
      updated_at: created + one(0, next(100), -1) * 1_000_000,
      tags: [
        ...(next(3) > 0 ? ['common'] : []),
        ...(next(2) > 0 ? ['half'] : []),
        ...(next(200) === 0 ? ['rare'] : []),
      ],
      properties: { os_distro: next(300) === 0 ? 'rare' : 'common', build: `${next(3)}` },
      locations: [],
    }
  })
}

/** The images in the order in which a server would have created them, no two at the same time. */
export function inOrder(images: readonly ImageRecord[]): ImageRecord[] {
  return images
    .toSorted((a, b) => a.created_at - b.created_at)
    .map((image, at) => ({ ...image, created_at: image.created_at + at }))
}

/** The members of an image, which follow from its id. */
export function membersOf(image: ImageRecord): MemberRecord[] {
  if (image.visibility !== 'shared') return []
  const digit = Number.parseInt(image.id.slice(0, 2), 16)
  const member = (member_id: string, status: number): MemberRecord => ({
    image_id: image.id,
    member_id,
    status: memberStatuses[status % 3] ?? 'pending',
    created_at: 5,
    updated_at: 5,
  })
  return [...(digit % 2 === 0 ? [member('p1', digit)] : []), ...(digit % 3 === 0 ? [member('p9', digit)] : [])]
}

/** The page of a search, from a list of all images. */
export function naivePage(
  images: readonly ImageRecord[],
  query: ListQuery,
  caller: Caller,
  marker: ImageRecord | undefined,
): ImageRecord[] {
  const compare = compareImages(query.sort)
  return images
    .filter(
      (image) =>
        isInSight(image, query, caller) &&
        query.tags.every((tag) => image.tags.includes(tag)) &&
        [...query.filters].every(([key, value]) => meets(image, key, value)) &&
        (marker === undefined || compare(image, marker) > 0),
    )
    .toSorted(compare)
    .slice(0, query.limit)
}

function isInSight(image: ImageRecord, { visibility, memberStatus }: ListQuery, caller: Caller): boolean {
  const isOwn = image.owner !== null && image.owner === caller.projectId
  const isShared = membersOf(image).some(
    ({ member_id, status }) => member_id === caller.projectId && (memberStatus === 'all' || memberStatus === status),
  )
  const canSee =
    caller.isAdmin || isOwn || isShared || image.visibility === 'public' || image.visibility === 'community'
  if (!canSee) return false
  if (visibility === undefined) return image.visibility !== 'community' || isOwn
  return visibility === 'all' || image.visibility === visibility
}

function meets(image: ImageRecord, key: string, value: string): boolean {
  if (key.endsWith('_min')) {
    const own = fieldOf(image, key.slice(0, -4))
    return typeof own === 'number' && own >= Number(value)
  }
  if (key.endsWith('_max')) {
    const own = fieldOf(image, key.slice(0, -4))
    return typeof own === 'number' && own <= Number(value)
  }
  if (key === 'created_at' || key === 'updated_at') return compareTimes(image[key], value)
  if (['name', 'id', 'status', 'container_format', 'disk_format'].includes(key)) {
    const { operator, operand } = splitOperator(value)
    const wanted = operator === 'in' ? splitQuoted(operand) : [operand]
    return wanted.some((each) => fieldOf(image, key) === each)
  }
  const own = fieldOf(image, key)
  if (typeof own === 'boolean') return own === (value === '1')
  if (typeof own === 'number') return `${own}` === value
  if (own !== undefined) return own === value
  return image.properties[key] === value
}

function compareTimes(own: number, value: string): boolean {
  const { operator, operand } = splitOperator(value)
  const time = parseIsoTime(operand) ?? Number.NaN
  const results: Record<string, boolean> = {
    gt: own > time,
    gte: own >= time,
    lt: own < time,
    lte: own <= time,
    eq: own === time,
    neq: own !== time,
  }
  return results[operator] ?? false
}

function fieldOf(image: ImageRecord, key: string): unknown {
  return image[key as keyof ImageRecord]
}

function compareImages(sort: readonly SortStep[]): (a: ImageRecord, b: ImageRecord) => number {
  return (a, b) => {
    for (const { key, direction } of sort) {
      const order = compareBytes(a[key], b[key])
      if (order !== 0) return direction === 'asc' ? order : -order
    }
    return 0
  }
}

/** Missing values are as large as empty ones. */
function compareBytes(a: string | number | null, b: string | number | null): number {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b)
  return Buffer.compare(Buffer.from(a ?? ''), Buffer.from(b ?? ''))
}
