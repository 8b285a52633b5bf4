import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Refusal } from '../../../refusal.js'
import { splitOperator, splitQuoted } from './filter-value.js'

test('a value without a colon is compared for equality', () => {
  expect(splitOperator('debian')).toEqual({ operator: 'eq', operand: 'debian' })
})

test('a name with a colon is read as an operator, as Glance reads it', () => {
  expect(splitOperator('ubuntu:22.04')).toEqual({ operator: 'ubuntu', operand: '22.04' })
  expect(splitOperator('eq:ubuntu:22.04')).toEqual({ operator: 'eq', operand: 'ubuntu:22.04' })
})

test('a bare time keeps its colons', () => {
  expect(splitOperator('2015-11-29T22:21:42Z')).toEqual({ operator: 'eq', operand: '2015-11-29T22:21:42Z' })
  expect(splitOperator('gt:2015-11-29T22:21:42Z').operand).toBe('2015-11-29T22:21:42Z')
})

test('quotes protect commas', () => {
  expect(splitQuoted('a,"b,c",d')).toEqual(['a', 'b,c', 'd'])
  expect(splitQuoted('"a"')).toEqual(['a'])
  expect(splitQuoted('a,,b')).toEqual(['a', '', 'b'])
})

test.each(['a"b"', '"a"b', '"a'])('misplaced quotes in %j are refused', (list) => {
  expect(() => splitQuoted(list)).toThrow(Refusal)
})

test('values quoted one by one come back as they were', () => {
  const value = fc.string({ minLength: 1 }).filter((text) => !/["\\\n\r\u2028\u2029]/.test(text))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      expect(splitQuoted(values.map((each) => `"${each}"`).join(','))).toEqual(values)
    }),
  )
})

test('any text is either split or refused with a reason', () => {
  const outcome = (text: string): unknown => {
    try {
      return splitQuoted(text)
    } catch (error) {
      return error instanceof Refusal ? [] : error
    }
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(outcome(text)).toBeInstanceOf(Array)
    }),
  )
})
