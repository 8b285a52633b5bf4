import { firstNumber, mostChanges, type ChangeLog } from './change-log.js'
import type { Condition } from './conditions.js'
import { emptySet, setNumber, type ImageSet } from './image-set.js'
import type { Hidden, Source, Value } from './sources.js'
import { after, type Statements } from './walk.js'

/** The most bytes of all sets together. */
const mostBytes = 16 * 1024 ** 2
/** A set that misses no more changes than this is brought up to date at once. */
const fewChanges = 64
/** No set is made of more than this share of all images, as far as some of them show that. */
const broadShare = 1 / 2
const sampleSize = 128
/** Its multiples are spread evenly among the numbers, but follow no pattern that images have. */
const goldenRatio = 0.618_033_988_749

/**
 * The images that meet conditions of recent searches. A set is read in short steps, and kept: before it is used, it is
 * checked again whether the images that were changed since then belong to it.
 */
export interface ConditionSets {
  /** The set of a condition, if it was read to its end. */
  find(condition: Condition, hidden: Hidden): ImageSet | undefined
  /** Reads about this number of rows for a set. @returns whether it was read to its end */
  read(condition: Condition, hidden: Hidden, rows: number): boolean
  /** Whether so many images meet a condition that no set is made of them. */
  isBroad(condition: Condition, hidden: Hidden): boolean
}

interface Entry {
  bits: ImageSet
  /** What is still to be read, and the last row of its first source that was. */
  sources: readonly Source[]
  last: readonly Value[] | undefined
  readonly isBroad: boolean
  /** The last change that it knows of. */
  place: number
}

export function createConditionSets(log: ChangeLog, statements: Statements): ConditionSets {
  const entries = new Map<string, Entry>()
  const newestNumber = () => firstNumber(statements('SELECT max(number) FROM images LIMIT 1'))

  const forgetOldest = () => {
    let held = 0
    for (const [key, { bits }] of [...entries].toReversed()) {
      held += bits.length
      if (held > mostBytes) entries.delete(key)
    }
  }
  const entryOf = (condition: Condition, hidden: Hidden): Entry | undefined => {
    const key = keyOf(condition, hidden)
    const known = entries.get(key)
    if (known === undefined) return undefined
    if (log.newest() - known.place > mostChanges) {
      entries.delete(key)
      return undefined
    }
    entries.delete(key)
    entries.set(key, known)
    return known
  }
  /** Those of a few images that meet a condition. */
  const meeting = ({ sql, values }: Condition, hidden: Hidden, numbers: readonly number[]): readonly number[] => {
    const check = statements(
      `SELECT i.number FROM json_each(?) CROSS JOIN images i ON i.number = json_each.value
       WHERE i.deleted = 0 AND i.os_hidden = ? AND ${sql} LIMIT ?`,
    )
    const met = check.all(JSON.stringify(numbers), hidden, ...values, numbers.length) as unknown as [number][]
    return met.map(([number]) => number)
  }
  const isBroad = (condition: Condition, hidden: Hidden, newest: number) => {
    const sample = Array.from({ length: sampleSize }, (_, at) => 1 + Math.floor(((at * goldenRatio) % 1) * newest))
    return meeting(condition, hidden, sample).length > sampleSize * broadShare
  }
  const readOn = (entry: Entry, source: Source, rows: number) => {
    const { from, where, row } = source
    const columns = source.columns.map(({ sql }) => sql)
    const rest = entry.last === undefined ? { sql: '', values: [] } : after(columns, 'asc', entry.last)
    const range = `FROM ${from} WHERE ${where.sql}${rest.sql && ` AND ${rest.sql}`} ORDER BY ${columns.join(', ')} LIMIT`
    const values = [...where.values, ...rest.values]
    const numbers = `SELECT group_concat(number) FROM (SELECT ${row.number} AS number ${range} ?)`
    const [found] = statements(numbers).all(...values, rows) as unknown as [string | null][]
    for (const number of found?.[0]?.split(',') ?? []) entry.bits = setNumber(entry.bits, Number(number), true)
    const stop = statements(`SELECT ${columns.join(', ')} ${range} 1 OFFSET ?`)
    entry.last = stop.all(...values, rows - 1)[0]
    if (entry.last === undefined) entry.sources = entry.sources.slice(1)
  }
  /** Checks images that were changed. @returns whether no change is left */
  const catchUp = (entry: Entry, condition: Condition, hidden: Hidden): boolean => {
    const changes = log.since(entry.place, fewChanges)
    const newest = changes.at(-1)
    if (newest === undefined) return true
    const numbers = [...new Set(changes.map(([, number]) => number))]
    const isMet = new Set(meeting(condition, hidden, numbers))
    for (const number of numbers) entry.bits = setNumber(entry.bits, number, isMet.has(number))
    entry.place = newest[0]
    return changes.length < fewChanges
  }

  return {
    find(condition, hidden) {
      const entry = entryOf(condition, hidden)
      if (entry === undefined || entry.isBroad || entry.sources.length > 0) return undefined
      return catchUp(entry, condition, hidden) ? entry.bits : undefined
    },
    read(condition, hidden, rows) {
      let entry = entryOf(condition, hidden)
      if (entry === undefined) {
        const newest = newestNumber()
        const unread = condition.sources?.(hidden) ?? []
        const base = { sources: unread, last: undefined, place: log.newest() }
        entry = isBroad(condition, hidden, newest)
          ? { ...base, bits: emptySet(0), isBroad: true }
          : { ...base, bits: emptySet(newest * 1.1), isBroad: false }
        entries.set(keyOf(condition, hidden), entry)
        forgetOldest()
      }
      const [source] = entry.sources
      if (entry.isBroad) return false
      if (source !== undefined) readOn(entry, source, rows)
      return entry.sources.length === 0 && catchUp(entry, condition, hidden)
    },
    isBroad: (condition, hidden) => entries.get(keyOf(condition, hidden))?.isBroad ?? false,
  }
}

function keyOf({ sql, values }: Condition, hidden: Hidden): string {
  return JSON.stringify([hidden, sql, values])
}
