import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { UsageError } from '../../errors/tyrax-error.js'
import { operatorValue, timeValues } from './filter-value.js'

/** How Glance parses `in:` (glance/common/utils.py `validate_quotes`, `split_filter_value_for_quotes`). */
function splitAsGlance(value: string): string[] {
  let opening = true
  for (let i = 0; i < value.length; i += 1) {
    if (value[i] !== '"' || (i > 0 && value[i - 1] === '\\')) continue
    if (opening && i > 0 && value[i - 1] !== ',') throw new Error('no comma before the opening quote')
    if (!opening && i + 1 !== value.length && value[i + 1] !== ',') throw new Error('no comma after the closing quote')
    opening = !opening
  }
  if (!opening) throw new Error('the quote is not closed')
  return [...value.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)",?|([^,]+),?|,/gs)].map(
    ([, quoted, plain]) => quoted || plain || '',
  )
}

test('any one value reaches the server as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      expect(operatorValue('name', value)).toBe(`eq:${value}`)
    }),
  )
})

const value = fc.oneof(fc.string(), fc.stringMatching(/^[a-c,:"\\ ]{0,6}$/))
const canBeSaid = (one: string) => !one.includes('"') && !(one.includes(',') && one.endsWith('\\'))

test('several values are taken apart by the server as they were put together', () => {
  fc.assert(
    fc.property(fc.array(value.filter(canBeSaid), { minLength: 1 }), (values) => {
      expect(splitAsGlance(operatorValue('name', values).replace(/^in:/, ''))).toEqual(values)
    }),
  )
})

test('a value that the server could not take apart is refused', () => {
  fc.assert(
    fc.property(
      value.filter((one) => !canBeSaid(one)),
      (one) => {
        expect(() => operatorValue('name', ['a', one])).toThrow(UsageError)
      },
    ),
  )
})

test('names with commas and colons are quoted only where they must be', () => {
  expect(operatorValue('name', ['ubuntu:22.04', 'a,b'])).toBe('in:ubuntu:22.04,"a,b"')
})

test('an empty list is refused: it would match everything', () => {
  expect(() => operatorValue('name', [])).toThrow(UsageError)
})

test('a time is sent with its comparison', () => {
  const time = new Date('2026-01-31T00:00:00Z')
  expect(timeValues('createdAt', { gte: time })).toEqual(['gte:2026-01-31T00:00:00Z'])
  expect(timeValues('createdAt', time)).toEqual(['eq:2026-01-31T00:00:00Z'])
  expect(() => timeValues('createdAt', { gte: time, lt: time })).toThrow(/one comparison/)
  expect(() => timeValues('createdAt', { gte: new Date('x') })).toThrow(/not a valid Date/)
})
