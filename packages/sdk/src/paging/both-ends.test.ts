import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ListInterruptedError } from '../errors/list-errors.js'
import { PagedList, type FetchPage, type Page } from './paged-list.js'

interface Item {
  readonly id: number
}

/** A list of items, newest first, that changes before each page is read; it refuses markers that are gone. */
function server(size: number, change: (ids: number[]) => void = () => undefined) {
  const ids = Array.from({ length: 100 }, (_, at) => at)
  const requests: string[] = []
  const fetchPage =
    (direction: 'desc' | 'asc'): FetchPage<Item, Page<Item>> =>
    async (marker) => {
      await Promise.resolve()
      requests.push(`${direction} ${marker ?? 'first'}`)
      change(ids)
      const sorted = ids.toSorted((a, b) => (direction === 'asc' ? a - b : b - a))
      if (marker !== undefined && !ids.includes(Number(marker))) throw new ListInterruptedError('gone', marker)
      const from = marker === undefined ? 0 : sorted.indexOf(Number(marker)) + 1
      const page = sorted.slice(from, from + size).map((id) => ({ id }))
      return page.length < size ? { items: page } : { items: page, marker: String(page.at(-1)?.id) }
    }
  const list = new PagedList(fetchPage('desc'), { fetchPage: fetchPage('asc'), keyOf: ({ id }) => String(id) })
  return { list, ids, requests }
}

const idsOf = (items: readonly Item[]) => items.map(({ id }) => id)
const newestFirst = (ids: readonly number[]) => ids.toSorted((a, b) => b - a)

test.each([3, 7, 10, 33, 50, 99, 100, 101])('a list in pages of %i is read from both ends, in order', async (size) => {
  const { list, ids, requests } = server(size)
  expect(idsOf(await list.toArray())).toEqual(newestFirst(ids))
  const onePerPage = Math.floor(100 / size) + 1
  expect(requests.length).toBeLessThanOrEqual(onePerPage + 2)
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
      async (changed, size) => {
        const touched = new Set(changed)
        const steps = [...changed]
        const { list, ids } = server(size, (present) => {
          const id = steps.pop()
          if (id === undefined) return
          const at = present.indexOf(id)
          if (at < 0) present.push(id)
          else present.splice(at, 1)
        })
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
  const list = new PagedList(forwards, { fetchPage: forwards, keyOf: ({ id }) => String(id) })
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
    {
      fetchPage: () => Promise.reject(new Error('down')),
      keyOf: ({ id }) => String(id),
    },
  )
  await expect(broken.toArray()).rejects.toThrow('down')
})
