import { ListInterruptedError } from '../errors/list-errors.js'

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Where the next page begins; absent on the last one. */
  readonly marker?: string | undefined
}

/** Fetches the page that begins after `marker`; without one, the first. */
export type FetchPage<T, P extends Page<T>> = (marker: string | undefined) => Promise<P>

/**
 * A list that is asked for when it is used: awaiting it gives the first page, iterating gives every match, page by
 * page. Nothing is sent before that, and the first page is fetched once, however often it is looked at.
 */
export class PagedList<T, P extends Page<T> = Page<T>> implements PromiseLike<P>, AsyncIterable<T> {
  readonly #fetchPage: FetchPage<T, P>
  #first: Promise<P> | undefined

  constructor(fetchPage: FetchPage<T, P>) {
    this.#fetchPage = fetchPage
  }

  /** The first page. */
  first(): Promise<P> {
    this.#first ??= this.#fetchPage(undefined)
    return this.#first
  }

  // A promise is what `await` makes of it; before that, nothing is sent.
  // oxlint-disable-next-line unicorn/no-thenable -- awaiting the list is its documented meaning
  then<A = P, B = never>(
    onFulfilled?: ((page: P) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.first().then(onFulfilled, onRejected)
  }

  /** Every page, one request each, made when the page is asked for. */
  async *pages(): AsyncGenerator<P, void, undefined> {
    const seen = new Set<string>()
    let page = await this.first()
    yield page
    while (page.marker !== undefined) {
      if (seen.has(page.marker)) throw circle(page.marker)
      seen.add(page.marker)
      page = await this.#fetchPage(page.marker)
      yield page
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items
  }

  /**
   * All of it in one array.
   * @param options.atMost stop after so many items
   */
  async toArray(options: { atMost?: number } = {}): Promise<T[]> {
    const items: T[] = []
    const atMost = options.atMost ?? Number.POSITIVE_INFINITY
    if (atMost <= 0) return items
    for await (const item of this) {
      items.push(item)
      if (items.length >= atMost) break
    }
    return items
  }
}

function circle(marker: string): ListInterruptedError {
  return new ListInterruptedError(
    `the server's list goes in circles: it continues after ${marker} a second time`,
    marker,
    {
      hint: 'this is a fault of the server or of a proxy before it; the list cannot be completed',
    },
  )
}
