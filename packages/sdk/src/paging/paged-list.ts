import { ListInterruptedError } from '../errors/list-errors.js'
import type { PagesOptions } from './pages-options.js'

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Where the next page begins; absent on the last one. */
  readonly marker?: string | undefined
  /** The length of the response that contained it, if known. */
  readonly bytes?: number | undefined
}

/** How a page is requested. */
export interface PageWish {
  /** Tells that the page is no longer needed. */
  readonly signal?: AbortSignal | undefined
  /** A shorter page than usual is enough. */
  readonly limit?: number | undefined
}

/** Fetches the page that begins after `marker`; without one, the first. */
export type FetchPage<T, P extends Page<T>> = (marker: string | undefined, wish?: PageWish) => Promise<P>

/** The same list from its other end, for lists of which the order never changes. */
export interface OtherEnd<T, P extends Page<T>> {
  readonly fetchPage: FetchPage<T, P>
  /** What tells the items of the list apart. */
  readonly keyOf: (item: T) => string
  /** Where in the list an item is, as a number that only grows, or only falls, along the list: a time, for example. */
  readonly placeOf: (item: T) => number
  /** Only begin there when the first page has at least this number of items. @default 1 */
  readonly leastItems?: number
  /**
   * How long the first pages of the whole list are, and all after them, if not as long as the list's usual pages. While
   * the first one is read, nothing else is, so that it should be short.
   */
  readonly lengths?: readonly number[] | undefined
}

/**
 * A list that is requested when it is used: awaiting it returns the first page, iterating yields every match, page by
 * page. Nothing is sent before that, and the first page is fetched only once, however often it is used.
 */
export class PagedList<T, P extends Page<T> = Page<T>> implements PromiseLike<P>, AsyncIterable<T> {
  readonly #fetchPage: FetchPage<T, P>
  readonly #otherEnd: OtherEnd<T, P> | undefined
  #first: Promise<P> | undefined
  /** The same list, with a short page first. */
  #whole: PagedList<T, P> | undefined

  constructor(fetchPage: FetchPage<T, P>, otherEnd?: OtherEnd<T, P>) {
    this.#fetchPage = fetchPage
    this.#otherEnd = otherEnd
  }

  /** The first page. */
  first(): Promise<P> {
    this.#first ??= this.#fetchPage(undefined)
    return this.#first
  }

  // `await` turns the list into a promise; nothing is sent before that.
  // oxlint-disable-next-line unicorn/no-thenable -- awaiting the list is its documented meaning
  then<A = P, B = never>(
    onFulfilled?: ((page: P) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.first().then(onFulfilled, onRejected)
  }

  /**
   * All pages, one request each, sent when the page is needed; there is no limit on their number.
   * @throws ListInterruptedError when the server's pages go in circles, or after 100 empty pages in a row that are not
   * the last
   */
  async *pages(options: PagesOptions = {}): AsyncGenerator<P, void, undefined> {
    const isSeen = seenBefore()
    let empty = 0
    let page = await this.first()
    yield page
    while (page.marker !== undefined) {
      if (isSeen(page.marker)) throw circle(page.marker)
      empty = page.items.length === 0 ? empty + 1 : 0
      if (empty >= mostEmptyPages) throw endlesslyEmpty(page.marker)
      page = await this.#fetchPage(page.marker, { signal: options.signal, limit: options.limit?.() })
      yield page
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items
  }

  /**
   * All items in one array. Iterate lists that are too long for that. A list of several pages is read from both ends at
   * once if the server can list it backwards: an item that is there from the first request to the last is in the array
   * exactly once, in the list's order; one that is added or removed meanwhile may be in it or not.
   * @param options.atMost stop after this number of items
   * @throws ListInterruptedError for more than a million items, or more than 512 MiB of responses
   */
  async toArray(options: { atMost?: number } = {}): Promise<T[]> {
    const items: T[] = []
    const atMost = options.atMost ?? Number.POSITIVE_INFINITY
    if (atMost <= 0) return items
    const whole = atMost > mostItems ? this.#beginningShort() : this
    const { marker, items: beginning } = await whole.first()
    const isLong = marker !== undefined && beginning.length >= (this.#otherEnd?.leastItems ?? 1)
    if (this.#otherEnd !== undefined && isLong && atMost > mostItems) {
      const { readFromBothEnds } = await import('./both-ends.js')
      const { fetchPage, lengths = [] } = this.#otherEnd
      const back = withFirstLength(fetchPage, lengths[1])
      return await readFromBothEnds(whole, back, this.#otherEnd, requireHeld)
    }
    let bytes = 0
    for await (const page of whole.pages()) {
      for (const item of page.items) {
        items.push(item)
        if (items.length >= atMost) return items
      }
      bytes += page.bytes ?? 0
      requireHeld(items.length, bytes, page.marker)
    }
    return items
  }

  #beginningShort(): PagedList<T, P> {
    const length = this.#otherEnd?.lengths?.[0]
    // What is there already need not be read again.
    if (length === undefined || this.#first !== undefined) return this
    this.#whole ??= withFirstLength(this.#fetchPage, length)
    return this.#whole
  }
}

function withFirstLength<T, P extends Page<T>>(fetchPage: FetchPage<T, P>, length: number | undefined) {
  return new PagedList<T, P>((marker, wish) => fetchPage(marker, marker === undefined ? { limit: length } : wish))
}

const mostEmptyPages = 100
function requireHeld(count: number, bytes: number, marker: string | undefined): void {
  if (count > mostItems || bytes > mostBytes) throw tooLong(count, marker ?? '')
}

/** Limits for an array of all items, so that the process does not run out of memory. */
const mostItems = 1_000_000
const mostBytes = 512 * 1024 * 1024

/**
 * Whether a marker has occurred before. The first ones are all kept, later only some, so that lists of any length can
 * be followed; a cycle eventually reaches a kept one (Brent's algorithm).
 */
function seenBefore(): (marker: string) => boolean {
  const first = new Set<string>()
  let kept: string | undefined
  let count = 0
  return (marker) => {
    if (first.has(marker) || marker === kept) return true
    count += 1
    if (first.size < 1000) first.add(marker)
    else if (Number.isInteger(Math.log2(count))) kept = marker
    return false
  }
}

function endlesslyEmpty(marker: string): ListInterruptedError {
  return new ListInterruptedError(
    `the server's list has ${mostEmptyPages} empty pages in a row and continues after each of them`,
    marker,
    { hint: 'this is a fault of the server or of a proxy in front of it; the list cannot be completed' },
  )
}

function tooLong(count: number, marker: string): ListInterruptedError {
  return new ListInterruptedError(
    `the list is too long to be held in memory: ${count} entries, and there are more`,
    marker,
    {
      hint: 'use filters or limit (--limit), or iterate the list page by page',
    },
  )
}

function circle(marker: string): ListInterruptedError {
  return new ListInterruptedError(
    `the server's list goes in circles: it continues after ${marker} a second time`,
    marker,
    {
      hint: 'this is a fault of the server or of a proxy in front of it; the list cannot be completed',
    },
  )
}
