import { ListInterruptedError } from '../errors/list-errors.js'
import { lastLimit } from './last-limit.js'
import type { PagesOptions } from './pages-options.js'

/** A list that can be read page by page. */
interface Pages<T> {
  pages(options: PagesOptions): AsyncIterable<{
    readonly items: readonly T[]
    readonly marker?: string | undefined
    readonly bytes?: number | undefined
  }>
}

interface Requested {
  readonly limit: number
  readonly isLast: boolean
  readonly read: Promise<void>
  /** Resolves `read`. */
  done(): void
}

interface BothEnds<T> {
  readonly keyOf: (item: T) => string
  readonly placeOf: (item: T) => number
  /**
   * The lengths of the pages to request: the first for the first page forwards, the second for the next page forwards and
   * the first one backwards, and so on; the last one for all further pages.
   */
  readonly lengths?: readonly number[] | undefined
}

/** What one cursor has read: its items, and where each of them is. */
interface Side<T> {
  readonly items: T[]
  readonly positions: Map<string, number>
  isAtEnd: boolean
  /** How long its next page is to be; undefined: as long as the server's pages are. */
  wished: number | undefined
  /** The number of items of its longest page. */
  longest: number
  /** How many items its next page has, if there are as many. */
  pageSize: number
  /** The page that is being read, and what resolves when it has been, or has failed. */
  requested: Requested | undefined
  /** Whether it has requested what should be its last page. */
  hasBeenLast: boolean
}

/**
 * Reads a list forwards and backwards at the same time until both have read the same item. What comes before that item
 * is taken from the one, what comes after it from the other, so that no item is taken twice, and none is left out that
 * was there all the time. The pages with which they should meet are only as long as what is left. When a marker is gone,
 * the other cursor reads on to where the first one was interrupted. When it turns out that the server does not list
 * backwards, the list is read forwards alone.
 * @param requireHeld throws if this number of items, or of bytes, is too much
 * @throws ListInterruptedError when the markers of both are gone
 */
export async function readFromBothEnds<T>(
  forwards: Pages<T>,
  backwards: Pages<T>,
  { keyOf, placeOf, lengths = [] }: BothEnds<T>,
  requireHeld: (count: number, bytes: number, marker: string | undefined) => void,
): Promise<T[]> {
  const front = newSide<T>(lengths[0])
  const back = newSide<T>(lengths[1])
  const done = new AbortController()
  let bytes = 0
  let meeting: string | undefined

  const read = async (list: Pages<T>, own: Side<T>, other: Side<T>): Promise<void> => {
    const limitOf = () => (own.hasBeenLast ? undefined : lastLimit(own, other, placeOf))
    const limit = () => {
      const last = limitOf() || undefined
      own.hasBeenLast ||= last !== undefined
      own.requested = requested(last ?? own.pageSize, last !== undefined)
      return last ?? own.wished
    }
    let hasWaited = false
    // The other one may be about to meet this one, or about to read its last page.
    const isAwaited = ({ isLast }: Requested): boolean => {
      if (meeting !== undefined) return false
      return own.hasBeenLast ? isLast || !(other.hasBeenLast || hasWaited) : limitOf() === 0
    }
    for await (const page of list.pages({ signal: done.signal, limit })) {
      growTo(own, page.items.length, lengths)
      if (done.signal.aborted) return
      const keys = page.items.map(keyOf)
      const shared = keys.filter((key) => other.positions.has(key))
      if (isSameOrder(shared.map((key) => other.positions.get(key) ?? 0))) {
        forget(back)
        if (own === back) return
      } else meeting ??= shared[0]
      for (const [at, item] of page.items.entries()) {
        const key = keys[at]
        if (key === undefined || own.positions.has(key)) continue
        own.positions.set(key, own.items.length)
        own.items.push(item)
      }
      bytes += page.bytes ?? 0
      requireHeld(front.items.length + back.items.length, bytes, page.marker)
      ended(own)
      while (other.requested !== undefined && isAwaited(other.requested)) {
        await other.requested.read
        hasWaited = own.hasBeenLast
      }
      if (meeting !== undefined) return
    }
    own.isAtEnd = true
  }

  let interruption: unknown
  const side = async (list: Pages<T>, own: Side<T>, other: Side<T>): Promise<void> => {
    try {
      await read(list, own, other)
      if (meeting !== undefined || own.isAtEnd) done.abort()
    } catch (error) {
      // What was cut off because the other one is done is no failure.
      if (done.signal.aborted) return
      if (error instanceof ListInterruptedError && interruption === undefined) {
        interruption = error
        return
      }
      done.abort()
      throw interruption ?? error
    } finally {
      ended(own)
    }
  }
  await Promise.all([side(forwards, front, back), side(backwards, back, front)])

  if (meeting !== undefined) {
    const before = front.items.slice(0, (front.positions.get(meeting) ?? 0) + 1)
    return [...before, ...back.items.slice(0, back.positions.get(meeting)).toReversed()]
  }
  return front.isAtEnd ? front.items : back.items.toReversed()
}

/** Sets the length to request for the next page, and the one to expect: a page shorter than requested shows the server's limit. */
function growTo(side: Side<unknown>, read: number, lengths: readonly number[]): void {
  const isShort = side.wished === undefined || read < side.wished
  side.longest = Math.max(side.longest, read)
  side.wished = lengths.find((length) => length > side.longest) ?? lengths.at(-1)
  side.pageSize = isShort ? side.longest : (side.wished ?? side.longest)
}

/** Whether what both have read is in the same order in both, although one of them reads backwards. */
function isSameOrder([first, second]: readonly number[]): boolean {
  return first !== undefined && second !== undefined && first < second
}

function forget<T>({ items, positions }: Side<T>): void {
  items.length = 0
  positions.clear()
}

function requested(limit: number, isLast: boolean): Requested {
  let done = (): void => undefined
  const read = new Promise<void>((resolve) => (done = resolve))
  return { limit, isLast, read, done }
}

function ended(side: Side<unknown>): void {
  side.requested?.done()
  side.requested = undefined
}

function newSide<T>(wished: number | undefined): Side<T> {
  return {
    items: [],
    positions: new Map(),
    isAtEnd: false,
    wished,
    longest: 0,
    pageSize: 0,
    requested: undefined,
    hasBeenLast: false,
  }
}
