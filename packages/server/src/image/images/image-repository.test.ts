import * as fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { migrate, openDatabase } from '../../database/database.js'
import { imageMigrations } from '../migrations.js'
import { newImage } from '../testing/stock-fields.js'
import { withoutData, type ImageRecord } from './image-record.js'
import { createImageRepository } from './image-repository.js'
import { parseListQuery } from './listing/list-query.js'
import { imageSearch } from './listing/image-search.js'

const open = () => {
  const db = openDatabase(':memory:')
  migrate(db, imageMigrations)
  return createImageRepository(db)
}

const admin = {
  token: 't',
  userId: 'u',
  userName: 'u',
  projectId: 'p0',
  projectName: 'project',
  domainId: undefined,
  roles: ['admin', 'member', 'reader'],
  isAdmin: true,
  accessRules: [],
  expiresAt: new Date(0),
}

const record = (fields: Partial<ImageRecord> = {}): ImageRecord => ({
  ...newImage({}),
  ...withoutData,
  id: randomUUID(),
  owner: 'p1',
  status: 'queued',
  created_at: 1,
  updated_at: 1,
  locations: [],
  ...fields,
})

const text = fc.string({ unit: 'grapheme', maxLength: 20 })

test('whatever an image holds is found again as it was', () => {
  const images = open()
  fc.assert(
    fc.property(
      text,
      fc.uniqueArray(text),
      fc.dictionary(text, text, { noNullPrototype: true }),
      (name, tags, properties) => {
        const image = record({ name, tags, properties })
        images.insert(image)
        const found = images.find(image.id)
        expect(found).toMatchObject({ name, properties })
        expect(found?.tags.toSorted()).toEqual(tags.toSorted())
      },
    ),
  )
})

test('pages of any size, in any order, show each image once', async () => {
  const images = open()
  const ids = Array.from({ length: 30 }, (_, at) => {
    const image = record({
      name: [null, '', 'a', 'b'][at % 4] ?? null,
      size: [null, 0, 7][at % 3] ?? null,
      created_at: 1 + (at % 5),
      disk_format: at % 2 === 0 ? 'raw' : null,
    })
    images.insert(image)
    return image.id
  })
  const step = fc.tuple(
    fc.constantFrom('name', 'size', 'disk_format', 'created_at', 'id'),
    fc.constantFrom('asc', 'desc'),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(step, { minLength: 1, maxLength: 3, selector: ([key]) => key }),
      fc.integer({ min: 1, max: 12 }),
      async (sort, limit) => {
        const query = parseListQuery(
          new URLSearchParams({ sort: sort.map((each) => each.join(':')).join(','), limit: `${limit}` }),
        )
        const seen: string[] = []
        let marker: ImageRecord | undefined
        do {
          const { images: page } = await images.list(imageSearch(query, admin, marker))
          seen.push(...page.map((image) => image.id))
          marker = page.at(-1)
        } while (marker !== undefined)
        expect(seen).toHaveLength(ids.length)
        expect(seen.toSorted()).toEqual(ids.toSorted())
      },
    ),
  )
})

test('an image leaves a status for another only from the one that was meant', () => {
  const images = open()
  const { id } = record()
  images.insert(record({ id }))
  expect(images.move(id, 'saving', 'queued', 2)).toBe(false)
  expect(images.move(id, 'queued', 'saving', 2)).toBe(true)
  expect(images.move(id, 'queued', 'saving', 3)).toBe(false)
})

test('a removed image is gone with all it had, but its id stays taken', () => {
  const images = open()
  const image = record({ tags: ['a'], properties: { b: 'c' } })
  images.insert(image)
  images.move(image.id, 'queued', 'saving', 2)
  const data = { size: 1, virtual_size: 1, checksum: '', os_hash_algo: 'sha512', os_hash_value: '', store: null }
  expect(images.activate(image.id, { ...data, blobKey: 'k' }, 3)).toBe(true)
  expect(images.isBlobUsed('k')).toBe(true)
  expect(images.remove(image.id, 4)).toEqual(['k'])
  expect(images.find(image.id)).toBeUndefined()
  expect([images.isTaken(image.id), images.isBlobUsed('k'), images.save(image, 5)]).toEqual([true, false, false])
})

test('a record that was read before its image changed is not what is read after', async () => {
  const images = open()
  const image = record({ tags: ['a'], properties: { b: 'c' } })
  images.insert(image)
  const all = async () =>
    (await images.list(imageSearch(parseListQuery(new URLSearchParams()), admin, undefined))).images
  const reads = async () => [images.find(image.id), (await all())[0]]
  const data = { size: 1, virtual_size: 1, checksum: '', os_hash_algo: 'sha512', os_hash_value: '', store: null }
  const changes: [() => unknown, Partial<ImageRecord> | undefined][] = [
    [() => undefined, { tags: ['a'], properties: { b: 'c' }, name: null, status: 'queued' }],
    [() => images.save({ ...image, name: 'n', tags: [], properties: {} }, 2), { name: 'n', tags: [], properties: {} }],
    [() => images.move(image.id, 'queued', 'saving', 3), { status: 'saving', size: null }],
    [() => images.requeueInterrupted(4), { status: 'queued' }],
    [() => images.move(image.id, 'queued', 'saving', 5), { status: 'saving', size: null }],
    [() => images.activate(image.id, { ...data, blobKey: 'k' }, 6), { status: 'active', size: 1 }],
    [() => images.activate(image.id, { ...data, blobKey: 'k' }, 6), { locations: [{ store: null, blobKey: 'k' }] }],
    [() => images.remove(image.id, 7), undefined],
  ]
  for (const [change, expected] of changes) {
    change()
    expect(await reads()).toMatchObject([expected, expected])
  }
})

test('more images than are remembered are read as they are', () => {
  const images = open()
  const long = 'v'.repeat(200_000)
  const ids = Array.from({ length: 60 }, (_, at) => {
    const image = record({ name: String(at), properties: { long } })
    images.insert(image)
    return image.id
  })
  for (let time = 0; time < 2; time += 1) {
    for (const [at, id] of ids.entries())
      expect(images.find(id)).toMatchObject({ id, name: String(at), properties: { long } })
  }
})
