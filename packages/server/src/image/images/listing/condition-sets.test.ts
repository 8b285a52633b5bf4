import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Database } from '../../../database/database.js'
import type { ImageRecord } from '../image-record.js'
import { rememberStatements } from '../recent-statements.js'
import { keepChangeLog } from './change-log.js'
import { createConditionSets } from './condition-sets.js'
import { imageSearch, type ImageSearch } from './image-search.js'
import { parseListQuery } from './list-query.js'
import { startSearch } from './start-search.js'
import { inOrder, madeImages, membersOf, naivePage } from './testing/naive-listing.js'
import { storeImages } from './testing/stored-images.js'
import { readSets } from './testing/read-sets.js'
import { callers, randomSearches, type RandomSearch } from './testing/random-searches.js'

/** A search that first reads the set of each condition, as if there had been many like it. */
function searcher(db: Database) {
  const statements = rememberStatements(db)
  const sets = createConditionSets(keepChangeLog(db, statements), statements)
  return (search: ImageSearch): string[] => {
    readSets(sets, search)
    const running = startSearch(statements, sets, search)
    for (;;) {
      const rows = running.step()
      if (rows !== undefined) return rows.map(([id]) => id)
    }
  }
}

function open(images: readonly ImageRecord[]) {
  const { db, repository, members } = storeImages(images)
  return { repository, members, search: searcher(db) }
}

const made = madeImages(1500)
const changes = fc.array(
  fc.record({
    at: fc.nat(made.length - 1),
    kind: fc.constantFrom('save', 'save', 'save', 'move', 'remove', 'insert'),
    like: fc.nat(made.length - 1),
    isHidden: fc.boolean(),
  }),
  { maxLength: 90 },
)

test.each([
  ['inserted in any order', made],
  ['inserted in order of creation', inOrder(made)],
])('what was changed since a set was read is in the pages of a search: %s', { timeout: 240_000 }, async (_, images) => {
  const { repository, members, search } = open(images)
  const current = new Map(images.map((image) => [image.id, image]))
  let now = 10 ** 12
  const change = (id: string, kind: string, like: ImageRecord, isHidden: boolean) => {
    const before = current.get(id)
    now += 1
    if (kind === 'insert') {
      const id = `${like.id.slice(0, 20)}${now}`
      const image = { ...like, id, created_at: now, updated_at: now }
      repository.insert(image)
      for (const member of membersOf(image)) members.insert(member)
      current.set(id, image)
    } else if (before === undefined) {
      return
    } else if (kind === 'remove') {
      repository.remove(id, now)
      current.delete(id)
    } else if (kind === 'move') {
      repository.move(id, before.status, 'deactivated', now)
      current.set(id, { ...before, status: 'deactivated', updated_at: now })
    } else {
      const { tags, properties, name, owner, visibility } = like
      // Who the members are follows from the id: an image that was not shared has none.
      const shared = before.visibility === 'shared' ? visibility : before.visibility
      const after = {
        ...before,
        tags,
        properties,
        name,
        visibility: shared,
        os_hidden: isHidden,
      }
      repository.save({ ...after, ...(owner === before.owner && { owner }) }, now)
      current.set(id, { ...after, updated_at: now })
    }
  }
  const asked: RandomSearch[] = []
  await fc.assert(
    fc.asyncProperty(changes, fc.array(randomSearches(images), { maxLength: 3 }), async (made, searches) => {
      for (const { at, kind, like, isHidden } of made) {
        const [image, other] = [images[at], images[like]]
        if (image !== undefined && other !== undefined) change(image.id, kind, other, isHidden)
      }
      for (const { query, caller, markerAt } of searches) {
        const marker = markerAt === null ? undefined : images[markerAt]
        const wanted = naivePage([...current.values()], query, caller, marker)
        expect(search(imageSearch(query, caller, marker))).toEqual(wanted.map(({ id }) => id))
      }
      // Pages are remembered until an image is changed.
      asked.splice(0, Math.max(0, asked.length - 5), ...searches)
      for (const { query, caller, markerAt } of [...asked, ...asked]) {
        const marker = markerAt === null ? undefined : images[markerAt]
        const found = await repository.list(imageSearch(query, caller, marker))
        const wanted = naivePage([...current.values()], query, caller, marker)
        expect(found.images.map(({ id, updated_at }) => [id, updated_at])).toEqual(
          wanted.map(({ id, updated_at }) => [id, updated_at]),
        )
      }
    }),
    { seed: 20_151_129, numRuns: 150, endOnFailure: true },
  )
})

test('an image that is shared, accepted, rejected and no longer shared is in a list of its member only while it may', () => {
  const [image, ...others] = inOrder(made.filter(({ visibility, owner }) => visibility === 'shared' && owner === 'p0'))
  const member = callers.find(({ projectId }) => projectId === 'p5')
  if (image === undefined || member === undefined) throw new Error('there is no such image')
  const { members, repository, search } = open([image, ...others])
  const shown = () =>
    search(imageSearch(parseListQuery(new URLSearchParams('visibility=shared')), member, undefined)).includes(image.id)
  expect(shown()).toBe(false)
  members.insert({
    image_id: image.id,
    member_id: 'p5',
    status: 'pending',
    created_at: 1,
    updated_at: 1,
  })
  expect(shown()).toBe(false)
  members.setStatus(image.id, 'p5', 'accepted', 2)
  expect(shown()).toBe(true)
  members.setStatus(image.id, 'p5', 'rejected', 3)
  expect(shown()).toBe(false)
  members.setStatus(image.id, 'p5', 'accepted', 4)
  expect(shown()).toBe(true)
  repository.save({ ...image, visibility: 'private' }, 5)
  expect(shown()).toBe(false)
  repository.save({ ...image, visibility: 'shared' }, 6)
  expect(shown()).toBe(true)
  members.remove(image.id, 'p5')
  expect(shown()).toBe(false)
})
