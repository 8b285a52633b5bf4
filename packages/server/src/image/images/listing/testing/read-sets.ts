import type { ConditionSets } from '../condition-sets.js'
import type { ImageSearch } from '../image-search.js'

/** Reads the set of each condition, as if there had been many searches like this one. */
export function readSets(sets: ConditionSets, { conditions, hidden }: ImageSearch): void {
  for (const condition of conditions) {
    if (condition.sources?.(hidden) === undefined) continue
    while (!sets.read(condition, hidden, 300) && !sets.isBroad(condition, hidden));
  }
}
