/** The median of a list of numbers. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Runs two measurements alternately, swapping which goes first, so that anything that slows the machine slows both.
 * Resolves to the medians. With `warmUp`, another pair runs first and is not counted.
 */
export async function interleave(pairs, ours, theirs, { warmUp = false } = {}) {
  const times = { ours: [], theirs: [] }
  for (let index = warmUp ? -1 : 0; index < pairs; index += 1) {
    const turns = index % 2 === 0 ? ['ours', 'theirs'] : ['theirs', 'ours']
    for (const turn of turns) {
      const value = await (turn === 'ours' ? ours() : theirs())
      if (index >= 0) times[turn].push(value)
    }
  }
  return { ours: median(times.ours), theirs: median(times.theirs) }
}
