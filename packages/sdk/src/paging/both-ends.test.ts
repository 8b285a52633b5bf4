import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ListInterruptedError } from '../errors/list-errors.js'
import { PagedList, type FetchPage, type Page } from './paged-list.js'

interface Item {
  readonly id: number
}

/** A list of items, newest first, that changes before each page is read; it refuses markers that are gone. */
function server(
  size: number,
  change: (ids: number[]) => void = () => undefined,
  { count = 100, growing }: { readonly count?: number; readonly growing?: readonly number[] | undefined } = {},
) {
  const ids = Array.from({ length: count }, (_, at) => at)
  const requests: string[] = []
  const lengths: number[] = []
  const fetchPage =
    (direction: 'desc' | 'asc'): FetchPage<Item, Page<Item>> =>
    async (marker, wish) => {
      await Promise.resolve()
      const length = Math.min(wish?.limit ?? size, size)
      requests.push(`${direction} ${marker ?? 'first'}`)
      lengths.push(length)
      change(ids)
      const sorted = ids.toSorted((a, b) => (direction === 'asc' ? a - b : b - a))
      if (marker !== undefined && !ids.includes(Number(marker))) throw new ListInterruptedError('gone', marker)
      const from = marker === undefined ? 0 : sorted.indexOf(Number(marker)) + 1
      const page = sorted.slice(from, from + length).map((id) => ({ id }))
      return page.length < length ? { items: page } : { items: page, marker: String(page.at(-1)?.id) }
    }
  const list = new PagedList(fetchPage('desc'), { fetchPage: fetchPage('asc'), ...item, lengths: growing })
  return { list, ids, requests, lengths }
}

const item = { keyOf: ({ id }: Item) => String(id), placeOf: ({ id }: Item) => id }

const idsOf = (items: readonly Item[]) => items.map(({ id }) => id)
const newestFirst = (ids: readonly number[]) => ids.toSorted((a, b) => b - a)

test.each([3, 7, 10, 33, 50, 99, 100, 101])('a list in pages of %i is read from both ends, in order', async (size) => {
  const { list, ids, requests } = server(size)
  expect(idsOf(await list.toArray())).toEqual(newestFirst(ids))
  const onePerPage = Math.floor(100 / size) + 1
  expect(requests.length).toBeLessThanOrEqual(onePerPage + 2)
})

test.each([10, 14, 20, 30])('of a list in pages of %i, little is read twice', async (size) => {
  const { list, ids, lengths } = server(size)
  await list.toArray()
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(ids.length + size)
})

test('items that are unevenly far apart take no more than one page each more than needed', async () => {
  const places = Array.from({ length: 300 }, (_, at) => (at < 100 ? at : at < 200 ? 1e6 + at : 1e9 + at * 1000))
  const requests: string[] = []
  const uneven = places.toReversed()
  const read =
    (sorted: readonly number[]): FetchPage<Item, Page<Item>> =>
    async (marker, wish) => {
      requests.push(String(marker))
      const from = marker === undefined ? 0 : sorted.indexOf(Number(marker)) + 1
      const page = sorted.slice(from, from + (wish?.limit ?? 10)).map((id) => ({ id }))
      return { items: page, ...(from + page.length < sorted.length && { marker: String(page.at(-1)?.id) }) }
    }
  const found = await new PagedList(read(uneven), { fetchPage: read(places), ...item }).toArray()
  expect(idsOf(found)).toEqual(uneven)
  expect(requests.length).toBeLessThanOrEqual(30 + 4)
})

const pages = [5, 10, 20]

test('a list that grows its pages begins with a short one, and at the other end with the second', async () => {
  const { list, ids, requests, lengths } = server(20, undefined, { growing: pages })
  expect(idsOf(await list.toArray())).toEqual(newestFirst(ids))
  expect(requests.slice(0, 3)).toEqual(['desc first', expect.stringMatching(/^asc first|^desc 95/), expect.anything()])
  expect(lengths.slice(0, 5)).toEqual([5, 10, 10, 20, 20])
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(ids.length + 20)
})

test.each([3, 7, 10, 20])('a list of any length is whole, if the server has pages of %i', async (size) => {
  for (let count = 0; count <= 70; count += 1) {
    const { list, ids, requests } = server(size, undefined, { count, growing: pages })
    expect(idsOf(await list.toArray())).toEqual(newestFirst(ids))
    // Of the growing pages, those before the first whole one are two more at most.
    expect(requests.length).toBeLessThanOrEqual(Math.floor(count / size) + 1 + 4)
  }
})

test('a list with a short first page takes one request if that holds all of it, however often it is read', async () => {
  const { list, requests } = server(20, undefined, { count: 4, growing: pages })
  expect(await list.toArray()).toHaveLength(4)
  expect(await list.toArray()).toHaveLength(4)
  expect(requests).toEqual(['desc first'])
})

test('a first page that is there already is not read again', async () => {
  const { list, requests, ids } = server(20, undefined, { growing: pages })
  expect((await list).items).toHaveLength(20)
  expect(idsOf(await list.toArray())).toEqual(newestFirst(ids))
  expect(requests.filter((request) => request === 'desc first')).toHaveLength(1)
})

test('a list of one page takes one request', async () => {
  const { list, requests } = server(101)
  expect(await list.toArray()).toHaveLength(100)
  expect(requests).toEqual(['desc first'])
})

test('iterating, and reading a limited number, begin at one end only', async () => {
  const { list, requests } = server(10)
  expect(idsOf(await list.toArray({ atMost: 25 }))).toHaveLength(25)
  for await (const { id } of list) if (id < 50) break
  expect(requests.filter((request) => request.startsWith('asc'))).toEqual([])
})

test('what is there all the time is listed exactly once, while others come and go', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(140), { maxLength: 60 }),
      fc.integer({ min: 2, max: 30 }),
      fc.constantFrom(undefined, pages),
      async (changed, size, growing) => {
        const touched = new Set(changed)
        const steps = [...changed]
        const change = (present: number[]) => {
          const id = steps.pop()
          if (id === undefined) return
          const at = present.indexOf(id)
          if (at < 0) present.push(id)
          else present.splice(at, 1)
        }
        const { list, ids } = server(size, change, { growing })
        const found = await list.toArray().then(idsOf, (error: unknown) => error)
        if (found instanceof ListInterruptedError) return
        const items = found as number[]
        expect(items).toEqual(newestFirst([...new Set(items)]))
        const kept = ids.filter((id) => !touched.has(id))
        expect(items.filter((id) => !touched.has(id))).toEqual(newestFirst(kept))
      },
    ),
  )
})

test('a marker that is gone at one end is no loss: the other end reads on', async () => {
  let pages = 0
  const { list, ids } = server(10, (present) => {
    pages += 1
    // After the first page, its last item goes.
    if (pages === 2) present.splice(present.indexOf(90), 1)
  })
  const found = idsOf(await list.toArray())
  expect(found.filter((id) => id !== 90)).toEqual(newestFirst(ids))
})

test('markers that are gone at both ends are an error', async () => {
  let pages = 0
  const { list } = server(10, (present) => {
    pages += 1
    if (pages > 2) present.length = 0
  })
  await expect(list.toArray()).rejects.toBeInstanceOf(ListInterruptedError)
})

test('a server that lists in one direction only is read in that direction', async () => {
  const forwards: FetchPage<Item, Page<Item>> = async (marker) => {
    const at = Number(marker ?? 0)
    const items = [{ id: at }, { id: at + 1 }]
    return at < 20 ? { items, marker: String(at + 2) } : { items }
  }
  const list = new PagedList(forwards, { fetchPage: forwards, ...item })
  expect(idsOf(await list.toArray())).toEqual(Array.from({ length: 22 }, (_, at) => at))
})

test('an error of either end is the error of the list', async () => {
  const { list } = server(10)
  const broken = new PagedList<Item>(
    (marker) =>
      list
        .pages()
        .next()
        .then(({ value }) => (marker === undefined && value ? value : Promise.reject(new Error('down')))),
    { fetchPage: () => Promise.reject(new Error('down')), ...item },
  )
  await expect(broken.toArray()).rejects.toThrow('down')
})
