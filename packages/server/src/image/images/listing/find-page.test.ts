import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Caller } from '../../../context.js'
import { migrate, openDatabase } from '../../../database/database.js'
import { createMemberRepository } from '../../members/member-repository.js'
import { imageMigrations } from '../../migrations.js'
import { createImageRepository } from '../image-repository.js'
import type { ImageRecord } from '../image-record.js'
import { parseListQuery } from './list-query.js'
import { imageSearch } from './image-search.js'
import { madeImages, membersOf, naivePage } from './testing/naive-listing.js'

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
const callers = [caller('p0', true), caller('p1', false), caller('p9', false), caller(undefined, true)]

const images = madeImages(2500)
const records = new Map(images.map((image) => [image.id, image]))

function open() {
  const db = openDatabase(':memory:')
  migrate(db, imageMigrations)
  const repository = createImageRepository(db)
  const members = createMemberRepository(db)
  for (const image of images) repository.insert(image)
  for (const image of images) for (const member of membersOf(image)) members.insert(member)
  return repository
}

const firstIds = images
  .slice(0, 40)
  .map(({ id }) => id)
  .join(',')

const some = <T>(values: readonly T[]) => fc.constantFrom(...values)
const filter = fc.oneof(
  some(['queued', 'active', 'in:active,queued', 'in:killed', 'saving']).map((value) => ['status', value]),
  some(['n0', 'n3', 'in:n1,n2,"a,b"', '', '\u{1f5a5}', 'in:n5']).map((value) => ['name', value]),
  some(['public', 'private', 'shared', 'community', 'all']).map((value) => ['visibility', value]),
  some(['true', 'false']).map((value) => ['protected', value]),
  some(['true', 'false']).map((value) => ['os_hidden', value]),
  some(['p0', 'p1', 'p5', 'nobody']).map((value) => ['owner', value]),
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

test('a page of any search has the images that a plain filter and sort would find', { timeout: 120_000 }, async () => {
  const repository = open()
  await fc.assert(
    fc.asyncProperty(
      fc.array(filter, { maxLength: 4 }),
      fc.uniqueArray(sortStep, { maxLength: 3, selector: ([key]) => key }),
      some([1, 3, 25, 700]),
      fc.option(fc.nat(images.length - 1)),
      some(callers),
      async (filters, sort, limit, markerAt, who) => {
        const parameters = new URLSearchParams([
          ...filters,
          ['limit', String(limit)],
          ...(sort.length > 0 ? [['sort', sort.map((each) => each.join(':')).join(',')] as const] : []),
        ] as [string, string][])
        const query = parseListQuery(parameters)
        const marker: ImageRecord | undefined = markerAt === null ? undefined : images[markerAt]
        const found = await repository.list(imageSearch(query, who, marker))
        const wanted = naivePage([...records.values()], query, who, marker)
        expect(found.images.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id))
      },
    ),
    { seed: 20_151_129, numRuns: 600 },
  )
})
