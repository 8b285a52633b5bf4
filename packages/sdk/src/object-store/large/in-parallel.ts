/**
 * Does something with every item, at most that number at once, in their order. After the first failure no more are
 * begun; it is thrown when those in progress have ended.
 */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const failures: unknown[] = []
  const work = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next
      next += 1
      try {
        await act(items[index] as T, index)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work))
  if (failures.length > 0) throw failures[0]
}
