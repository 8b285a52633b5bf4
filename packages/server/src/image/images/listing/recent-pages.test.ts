import { expect, test } from 'vitest'
import { imageSearch } from './image-search.js'
import { parseListQuery } from './list-query.js'
import { inOrder, madeImages } from './testing/naive-listing.js'
import { callers } from './testing/random-searches.js'
import { storeImages } from './testing/stored-images.js'

const images = inOrder(madeImages(1500))
const [admin, project] = callers
const [image, other] = images.filter(({ visibility, owner }) => visibility === 'shared' && owner === 'p0')
if (admin === undefined || project === undefined || image === undefined || other === undefined) {
  throw new Error('there is no such image')
}
const searchOf = (query: string, caller = admin, marker = undefined as typeof image | undefined) =>
  imageSearch(parseListQuery(new URLSearchParams(query)), caller, marker)

test('a page is read once until an image is changed, whatever changes it', async () => {
  const { repository, members } = storeImages(images)
  const page = () => repository.list(searchOf('limit=25'))
  const member = { image_id: image.id, member_id: 'new', status: 'pending', created_at: 1, updated_at: 1 } as const
  const at = 10 ** 12
  const changes: readonly (readonly [string, () => unknown])[] = [
    ['insert', () => repository.insert({ ...image, id: 'new', created_at: at, updated_at: at })],
    ['save', () => repository.save({ ...image, tags: ['new'] }, at + 1)],
    ['move', () => repository.move(image.id, image.status, 'saving', at + 2)],
    ['change', () => repository.change(image.id, { status: 'queued' }, at + 3)],
    ['a member', () => members.insert(member)],
    ['its status', () => members.setStatus(image.id, 'new', 'accepted', at + 4)],
    ['no member', () => members.remove(image.id, 'new')],
    ['remove', () => repository.remove(other.id, at + 5)],
  ]
  for (const [name, change] of changes) {
    const before = await page()
    expect(await page(), name).toBe(before)
    change()
    expect(await page(), name).not.toBe(before)
  }
})

test('each search has a page of its own', async () => {
  const { repository } = storeImages(images)
  const searches = [
    searchOf('limit=25'),
    searchOf('limit=24'),
    searchOf('limit=25', project),
    searchOf('limit=25', admin, image),
    searchOf('limit=25', admin, other),
    searchOf('limit=25&os_hidden=true'),
    searchOf('limit=25&sort=name:asc'),
    searchOf('limit=25&sort=name:desc'),
    searchOf('limit=25&tag=common'),
    searchOf('limit=25&tag=rare'),
    searchOf('limit=25&member_status=all', project),
  ]
  const first = await Promise.all(searches.map((search) => repository.list(search)))
  expect(new Set(first).size).toBe(searches.length)
  for (const [at, search] of searches.entries()) expect(await repository.list(search)).toBe(first[at])
})

test('an image that is changed while a long page is read is current the next time', async () => {
  const { repository } = storeImages(images)
  // More images than are read without letting others run.
  const late = (await repository.list(searchOf('limit=500'))).images.at(-1)
  if (late === undefined) throw new Error('there are no images')
  const search = searchOf('limit=700')
  const reading = repository.list(search)
  repository.save({ ...late, name: 'changed' }, 10 ** 12)
  await reading
  const { images: shown } = await repository.list(search)
  expect(shown.find(({ id }) => id === late.id)?.name).toBe('changed')
})

test('few pages with many characters are kept', async () => {
  const long = images
    .slice(0, 1000)
    .map((each) => ({ ...each, os_hidden: false, properties: { text: 'x'.repeat(1500) } }))
  const { repository } = storeImages(long)
  const [first, second, third] = [400, 399, 398].map((limit) => searchOf(`limit=${limit}`))
  if (!first || !second || !third) throw new Error('there is no such search')
  const oldest = await repository.list(first)
  const middle = await repository.list(second)
  expect(await repository.list(first)).toBe(oldest)
  for (const limit of [398, 397, 396, 395]) await repository.list(searchOf(`limit=${limit}`))
  expect(await repository.list(first)).not.toBe(oldest)
  expect(await repository.list(first)).toEqual(oldest)
  expect(await repository.list(second)).not.toBe(middle)
})
