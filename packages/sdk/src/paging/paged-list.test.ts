import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ListInterruptedError } from '../errors/list-errors.js'
import { type Page, PagedList } from './paged-list.js'

/** A server with these pages; counts what it is asked. */
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
