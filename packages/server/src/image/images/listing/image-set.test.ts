import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../database/database.js'
import {
  countOf,
  emptySet,
  hasNumber,
  intersection,
  isInSet,
  numbersBetween,
  setNumber,
  type ImageSet,
} from './image-set.js'

const numbers = fc.uniqueArray(fc.nat(400), { maxLength: 300 })

function setOf(wanted: readonly number[], most = 100): ImageSet {
  let set = emptySet(most)
  for (const number of wanted) set = setNumber(set, number, true)
  return set
}

test('a set has the numbers that were added to it and not removed', () => {
  fc.assert(
    fc.property(numbers, numbers, fc.nat(500), (added, removed, most) => {
      let set = setOf(added, most)
      for (const number of removed) set = setNumber(set, number, false)
      const left = added.filter((number) => !removed.includes(number)).toSorted((a, b) => a - b)
      expect(numbersBetween(set, 0, Infinity, 'asc', Infinity)).toEqual(left)
      expect(countOf(set)).toBe(left.length)
      expect([...added, most].filter((number) => hasNumber(set, number)).length).toBe(
        left.length + Number(left.includes(most)),
      )
    }),
  )
})

test('an intersection has what is in each set', () => {
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1, maxLength: 4 }), (lists) => {
      const [first = [], ...others] = lists
      const shared = first.filter((number) => others.every((list) => list.includes(number)))
      const sets = lists.map((list, at) => setOf(list, 100 * at))
      const found = numbersBetween(intersection(sets), 0, Infinity, 'asc', Infinity)
      expect(found).toEqual(shared.toSorted((a, b) => a - b))
    }),
  )
})

test('a range of a set is read in both directions, as far as it is wanted', () => {
  fc.assert(
    fc.property(numbers, fc.nat(450), fc.nat(450), fc.nat(50), (added, from, to, most) => {
      const set = setOf(added)
      const inRange = added.filter((number) => number >= from && number < to).toSorted((a, b) => a - b)
      expect(numbersBetween(set, from, to, 'asc', most)).toEqual(inRange.slice(0, most))
      expect(numbersBetween(set, from, to, 'desc', most)).toEqual(inRange.toReversed().slice(0, most))
    }),
  )
})

test('SQLite tells what is in a set', () => {
  const db = openDatabase(':memory:')
  fc.assert(
    fc.property(numbers, (added) => {
      const { sql, values } = isInSet(setOf(added), 'json_each.value')
      const every = JSON.stringify(Array.from({ length: 600 }, (_, number) => number))
      const found = db.prepare(`SELECT value FROM json_each(?) WHERE ${sql}`).all(every, ...values)
      expect(found.map(({ value }) => value)).toEqual(added.toSorted((a, b) => a - b))
    }),
  )
})
