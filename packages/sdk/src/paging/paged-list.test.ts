import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ListInterruptedError } from '../errors/list-errors.js'
import { type Page, PagedList } from './paged-list.js'

/** A server with these pages; records the markers that are requested. */
function server(pages: readonly (readonly number[])[]) {
  const asked: (string | undefined)[] = []
  const list = new PagedList<number>(async (marker): Promise<Page<number>> => {
    asked.push(marker)
    const index = Number(marker ?? 0)
    const items = pages[index] ?? []
    return index + 1 < pages.length ? { items, marker: String(index + 1) } : { items }
  })
  return { asked, list }
}

test('every item of every page is seen once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.nat())), async (pages) => {
      const { list } = server(pages)
      expect(await list.toArray()).toEqual(pages.flat())
    }),
  )
})

test('nothing is sent before the list is used, and the first page once', async () => {
  const { asked, list } = server([[1], [2]])
  await Promise.resolve()
  expect(asked).toEqual([])
  expect((await list).items).toEqual([1])
  expect((await list).items).toEqual([1])
  expect(await list.toArray()).toEqual([1, 2])
  expect(asked).toEqual([undefined, '1'])
})

test('calls to next that overlap turn no page twice', async () => {
  const { asked, list } = server([[1], [2], [3]])
  const iterator = list[Symbol.asyncIterator]()
  const results = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()])
  expect(results.map(({ value }) => value as unknown)).toEqual([1, 2, 3, undefined])
  expect(asked).toEqual([undefined, '1', '2'])
})

test('an empty page with a next one does not end the list', async () => {
  const { list } = server([[1], [], [2]])
  expect(await list.toArray()).toEqual([1, 2])
})

test('a list that goes in circles ends with an error', async () => {
  const list = new PagedList<number>(async () => ({ items: [1], marker: 'again' }))
  await expect(list.toArray()).rejects.toBeInstanceOf(ListInterruptedError)
})

test('an error of the first page is the error of whoever awaits', async () => {
  const list = new PagedList<number>(() => Promise.reject(new Error('down')))
  await expect(list).rejects.toThrow('down')
  await expect(list.toArray()).rejects.toThrow('down')
})

test('stopping early fetches no more pages', async () => {
  const { asked, list } = server([[1, 2], [3]])
  expect(await list.toArray({ atMost: 2 })).toEqual([1, 2])
  expect(asked).toEqual([undefined])
})

test('pages that are empty for ever end with an error, a hundred in a row do not go unseen', async () => {
  let asked = 0
  const list = new PagedList<number>(async () => ({ items: [], marker: String((asked += 1)) }))
  await expect(list.toArray()).rejects.toMatchObject({ name: 'ListInterruptedError', marker: '100' })
  expect(asked).toBe(100)
})

test('a circle is noticed however late it begins and however long it is', async () => {
  for (const [begin, length] of [
    [0, 1],
    [10, 3],
    [5000, 700],
    [1500, 4000],
  ] as const) {
    let asked = 0
    const list = new PagedList<number>(async () => {
      asked += 1
      return { items: [1], marker: String(asked < begin ? asked : begin + ((asked - begin) % length)) }
    })
    await expect(list.toArray()).rejects.toBeInstanceOf(ListInterruptedError)
    expect(asked).toBeLessThan(4 * (begin + length) + 10)
  }
})

test('a million pages can be followed one by one', async () => {
  let asked = 0
  const list = new PagedList<number>(async () => {
    asked += 1
    return asked === 1_000_000 ? { items: [asked] } : { items: [asked], marker: String(asked) }
  })
  let last = 0
  for await (const item of list) last = item
  expect(last).toBe(1_000_000)
})

test.each([
  ['entries', { items: Array<number>(10_000).fill(1), bytes: 1 }, 101],
  ['bytes', { items: [1], bytes: 64 * 1024 * 1024 }, 9],
])('an array takes no list of too many %s', async (_, page, pages) => {
  let asked = 0
  const list = new PagedList<number>(async () => ({ ...page, marker: String((asked += 1)) }))
  await expect(list.toArray()).rejects.toMatchObject({
    name: 'ListInterruptedError',
    message: expect.stringContaining('too long'),
  })
  expect(asked).toBe(pages)
  expect(await list.toArray({ atMost: 5 })).toEqual([1, 1, 1, 1, 1].slice(0, 5))
})
