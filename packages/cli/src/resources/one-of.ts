import { NoUniqueMatch } from '@tyrax/sdk'

/** As few characters as an image's id needs. */
const shortestPrefix = 4

/**
 * The one of these records that has this id, or whose id begins with this text.
 * @throws NoUniqueMatch when several begin with it
 */
export function oneOf<T>(records: readonly T[], reference: string, idOf: (record: T) => string): T | undefined {
  const exact = records.find((record) => idOf(record) === reference)
  if (exact !== undefined || !new RegExp(`^[0-9a-f-]{${shortestPrefix},}$`, 'i').test(reference)) return exact
  const ids = records.map(idOf)
  const begun = records.filter((_, at) => ids[at]?.startsWith(reference.toLowerCase()))
  if (begun.length < 2) return begun[0]
  const candidates = begun.map((record) => ({ id: idOf(record), name: null }))
  const shown = candidates.slice(0, 10).map(({ id }) => id)
  throw new NoUniqueMatch(
    `${begun.length} ids begin with ${JSON.stringify(reference)}: ${shown.join(', ')}`,
    candidates,
  )
}
