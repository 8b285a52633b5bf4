/** One of two cursors that read a list towards each other. */
interface Cursor<T> {
  readonly items: readonly T[]
  /** The number of items of a page. */
  readonly pageSize: number
  /** The page that is being read. */
  readonly requested: { readonly limit: number } | undefined
  /** Whether it has requested what should be its last page. */
  readonly hasBeenLast: boolean
}

/** Estimates are a little off; without an item that both have read, another page is needed. */
const spare = 1.05
const spareItems = 3

/**
 * How long the next page of `own` has to be for the two to meet, if that is probably its last one: two whole pages
 * would mostly contain the same items. What is left between them is estimated from how close together the items are
 * that were read last.
 * @returns 0 when what the other one is reading is enough; undefined when whole pages are still needed, or when there is
 * nothing to estimate from
 */
export function lastLimit<T>(own: Cursor<T>, other: Cursor<T>, placeOf: (item: T) => number): number | undefined {
  const [here, there] = [lastStretch(own, placeOf), lastStretch(other, placeOf)]
  if (here === undefined || there === undefined) return undefined
  const perItem = (Math.abs(here.end - here.start) + Math.abs(there.end - there.start)) / (here.steps + there.steps)
  if (!(perItem > 0)) return undefined
  const between = ((there.end - here.end) * Math.sign(here.end - here.start)) / perItem
  const left = between - (other.requested?.limit ?? 0)
  if (left <= 0) return 0
  // Unless the other one has already requested its share, it will read as much.
  const share = other.hasBeenLast ? left : left / 2
  if (share > own.pageSize) return undefined
  return Math.min(own.pageSize, Math.ceil(share * spare) + spareItems)
}

/** The places between which the last page of items is, and how many steps from item to item it takes. */
function lastStretch<T>({ items, pageSize }: Cursor<T>, placeOf: (item: T) => number) {
  const first = items[Math.max(0, items.length - pageSize)]
  const last = items.at(-1)
  if (first === undefined || last === undefined || items.length < 2) return undefined
  return { start: placeOf(first), end: placeOf(last), steps: Math.min(items.length, pageSize) - 1 }
}
