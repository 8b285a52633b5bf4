/**
 * The name that was probably meant: the one that needs the fewest letters changed, added, removed or swapped, if those
 * are few.
 * @returns undefined when none is similar
 */
export function nearest(text: string, names: readonly string[]): string | undefined {
  // In a short word, two edits make a different word, such as serve out of save.
  const allowed = text.length < 6 ? 1 : 2
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(text, name) }))
    .filter(({ distance }) => distance <= allowed)
    .toSorted((one, other) => one.distance - other.distance)
  return best?.name
}

/** Edit distance in which swapping neighbouring letters counts as one edit. */
function distanceOf(from: string, to: string): number {
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let at = 1; at <= from.length; at += 1) {
    const next = [at]
    for (let other = 1; other <= to.length; other += 1) {
      const isSame = from[at - 1] === to[other - 1]
      let best = Math.min((row[other] ?? 0) + 1, (next[other - 1] ?? 0) + 1, (row[other - 1] ?? 0) + (isSame ? 0 : 1))
      if (at > 1 && other > 1 && from[at - 1] === to[other - 2] && from[at - 2] === to[other - 1]) {
        best = Math.min(best, (before[other - 2] ?? 0) + 1)
      }
      next.push(best)
    }
    before = row
    row = next
  }
  return row[to.length] ?? 0
}
