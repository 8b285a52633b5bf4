import { ListInterruptedError } from '../errors/list-errors.js'

/** A list that can be read page by page. */
interface Pages<T> {
  pages(options: { readonly signal?: AbortSignal }): AsyncIterable<{
    readonly items: readonly T[]
    readonly marker?: string | undefined
    readonly bytes?: number | undefined
  }>
}

/** What one cursor has read: its items, and where each of them is. */
interface Side<T> {
  readonly items: T[]
  readonly positions: Map<string, number>
  isAtEnd: boolean
}

/**
 * Reads a list forwards and backwards at the same time until both have read the same item. What comes before that item
 * is taken from the one, what comes after it from the other, so that no item is taken twice, and none is left out that
 * was there all the time. When a marker is gone, the other cursor reads on to where the first one was interrupted. When
 * it turns out that the server does not list backwards, the list is read forwards alone.
 * @param requireHeld throws if this number of items, or of bytes, is too much
 * @throws ListInterruptedError when the markers of both are gone
 */
export async function readFromBothEnds<T>(
  forwards: Pages<T>,
  backwards: Pages<T>,
  keyOf: (item: T) => string,
  requireHeld: (count: number, bytes: number, marker: string | undefined) => void,
): Promise<T[]> {
  const front = newSide<T>()
  const back = newSide<T>()
  const done = new AbortController()
  let bytes = 0
  let meeting: string | undefined

  const read = async (list: Pages<T>, own: Side<T>, other: Side<T>): Promise<void> => {
    for await (const page of list.pages({ signal: done.signal })) {
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
    }
  }
  await Promise.all([side(forwards, front, back), side(backwards, back, front)])

  if (meeting !== undefined) {
    const before = front.items.slice(0, (front.positions.get(meeting) ?? 0) + 1)
    return [...before, ...back.items.slice(0, back.positions.get(meeting)).toReversed()]
  }
  return front.isAtEnd ? front.items : back.items.toReversed()
}

/** Whether what both have read is in the same order in both, although one of them reads backwards. */
function isSameOrder([first, second]: readonly number[]): boolean {
  return first !== undefined && second !== undefined && first < second
}

function forget<T>({ items, positions }: Side<T>): void {
  items.length = 0
  positions.clear()
}

function newSide<T>(): Side<T> {
  return { items: [], positions: new Map(), isAtEnd: false }
}
