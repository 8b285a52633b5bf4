import * as fc from 'fast-check'
import type { Caller } from '../../../../context.js'
import type { ImageRecord } from '../../image-record.js'
import { parseListQuery, type ListQuery } from '../list-query.js'

const caller = (projectId: string | undefined, isAdmin: boolean): Caller => ({
  token: 't',
  userId: 'u',
  userName: 'u',
  projectId,
  projectName: projectId,
  domainId: undefined,
  roles: ['reader'],
  isAdmin,
  accessRules: [],
  expiresAt: new Date(0),
})
export const callers = [
  caller('p0', true),
  caller('p1', false),
  caller('p9', false),
  caller('p5', false),
  caller(undefined, true),
]

const some = <T>(values: readonly T[]) => fc.constantFrom(...values)

/** What is searched for, by whom, and the index of the image that it follows. */
export interface RandomSearch {
  readonly query: ListQuery
  readonly caller: Caller
  readonly markerAt: number | null
}

/** Searches among {@link madeImages} by any filters, in any order. */
export function randomSearches(images: readonly ImageRecord[]): fc.Arbitrary<RandomSearch> {
  const firstIds = images
    .slice(0, 40)
    .map(({ id }) => id)
    .join(',')
  const filter = fc.oneof(
    some(['queued', 'active', 'in:active,queued', 'in:killed', 'saving']).map((value) => ['status', value]),
    some(['n0', 'n3', 'in:n1,n2,"a,b"', '', '\u{1f5a5}', 'in:n5']).map((value) => ['name', value]),
    some(['public', 'private', 'shared', 'community', 'all']).map((value) => ['visibility', value]),
    some(['true', 'false']).map((value) => ['protected', value]),
    some(['true', 'false']).map((value) => ['os_hidden', value]),
    some(['p0', 'p1', 'p5', 'p99']).map((value) => ['owner', value]),
    some(['raw', 'in:raw,qcow2', 'iso', 'in:']).map((value) => ['disk_format', value]),
    some(['bare', 'in:bare,ovf', 'docker']).map((value) => ['container_format', value]),
    some(['0', '1', '500', '999999']).map((value) => ['size_min', value]),
    some(['0', '1', '500']).map((value) => ['size_max', value]),
    some(['0', '7', 'x']).map((value) => ['size', value]),
    some(['1', '3']).map((value) => ['min_disk_min', value]),
    some(['0', '3']).map((value) => ['min_ram_max', value]),
    some(['100', '900']).map((value) => ['virtual_size_min', value]),
    some(['c1', 'c2', 'absent']).map((value) => ['checksum', value]),
    some(['0123456789abcdefx', '0123456789abcdefy', 'absent']).map((value) => ['os_hash_value', value]),
    some(['sha512', 'md5']).map((value) => ['os_hash_algo', value]),
    some([images[5]?.id ?? '', `in:${firstIds},absent`]).map((value) => ['id', value]),
    fc
      .tuple(some(['created_at', 'updated_at']), some(['gt', 'gte', 'lt', 'lte', 'eq', 'neq']), fc.nat(400))
      .map(([key, operator, second]) => [key, `${operator}:${new Date(second * 1000).toISOString()}`]),
    some(['common', 'rare', 'absent']).map((value) => ['os_distro', value]),
    some(['0', '1']).map((value) => ['build', value]),
    some(['pending', 'accepted', 'rejected', 'all']).map((value) => ['member_status', value]),
    some(['common', 'half', 'rare', 'absent']).map((value) => ['tag', value]),
  ) as fc.Arbitrary<[string, string]>
  const sortStep = fc.tuple(
    some(['name', 'status', 'container_format', 'disk_format', 'size', 'id', 'created_at', 'updated_at']),
    some(['asc', 'desc']),
  )
  return fc
    .record({
      filters: fc.array(filter, { maxLength: 4 }),
      sort: fc.uniqueArray(sortStep, {
        maxLength: 3,
        selector: ([key]) => key,
      }),
      limit: some([1, 3, 25, 700]),
      markerAt: fc.option(fc.nat(images.length - 1)),
      caller: some(callers),
    })
    .map(({ filters, sort, limit, markerAt, caller }) => {
      const parameters = new URLSearchParams([
        ...filters,
        ['limit', String(limit)],
        ...(sort.length > 0 ? [['sort', sort.map((each) => each.join(':')).join(',')] as const] : []),
      ] as [string, string][])
      return { query: parseListQuery(parameters), caller, markerAt }
    })
}
