import { UsageError } from '@tyrax/sdk'
import { sizeOf } from '../command/option.js'
import { nearest } from '../nearest.js'
import type { Span, Term, TermValue } from './selector.js'

type Given = Pick<Term, 'field' | 'operator' | 'text'>

/** The value of a condition. @throws UsageError for one that the field cannot have, or cannot be compared with */
export function readValue(given: Given, value: string, now: number): TermValue {
  const { field, operator } = given
  const isPattern = operator === '~' || operator === '!~'
  const isOrder = /[<>]/.test(operator)
  if (value === '' && (isOrder || (field.kind !== 'text' && field.kind !== 'property'))) {
    throw wrong(given, 'needs a value', isPattern ? 'such as ~ci-*' : undefined)
  }
  switch (field.kind) {
    case 'number': {
      if (isPattern) throw wrong(given, 'is a number', 'use = != < <= > or >=')
      const size = /^\d+$/.test(value) ? Number(value) * (field.unit ?? 1) : sizeOf(value)
      if (size === undefined || !Number.isSafeInteger(size)) throw wrong(given, 'needs a size such as 500M or 2G')
      return size
    }
    case 'boolean': {
      if (isPattern || isOrder) throw wrong(given, 'is true or false', 'use = or !=')
      if (/^(?:true|yes)$/i.test(value)) return true
      if (/^(?:false|no)$/i.test(value)) return false
      throw wrong(given, 'is true or false')
    }
    case 'time':
      if (isPattern) throw wrong(given, 'is a time', 'use = != < <= > or >=')
      return readTime(given, value, now)
    case 'age': {
      const span = ageOf(value, now)
      if (!span) throw wrong(given, 'needs an age such as 12h, 30d or 8w')
      if (!isOrder) throw wrong(given, 'is compared with < or >', "such as 'age>30d'")
      return span
    }
    default:
      if (isOrder) throw wrong(given, 'is text', 'use = != ~ or !~')
      if (!isPattern) checkWord(given, value)
      return value
  }
}

/** A word that is like a known one is a mistake. With != it would select everything. */
function checkWord(given: Given, value: string): void {
  const { words, name } = given.field
  if (!words || value === '' || words.includes(value)) return
  const isClosed = name === 'status' || name === 'visibility'
  const meant = nearest(value, words)
  if (!isClosed && meant === undefined) return
  const hint = [...(meant === undefined ? [] : [`did you mean ${meant}?`]), `it is one of ${words.join(', ')}`].join(
    '; ',
  )
  throw wrong(given, `cannot be ${JSON.stringify(value)}`, `${hint}; ~ takes any other text`)
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 7 * 86_400 }

/** The moment that was this long ago, in whole seconds, as Glance keeps times. */
function ageOf(value: string, now: number): Span | undefined {
  const [, count, unit = ''] = /^-?(\d+(?:\.\d+)?)([smhdw])$/.exec(value) ?? []
  const seconds = Number(count) * (units[unit] ?? Number.NaN)
  if (!Number.isFinite(seconds)) return undefined
  const from = Math.floor(now / 1000 - seconds) * 1000
  return { from, to: from + 1000, age: `${count}${unit}` }
}

const day = /^\d{4}-\d{2}-\d{2}$/
const moment = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/

/** An age, a day, or a time, in UTC unless it says otherwise. */
function readTime(given: Given, value: string, now: number): Span {
  const age = ageOf(value, now)
  if (age) {
    if (/[<>]/.test(given.operator)) return age
    throw wrong(given, 'is compared with an age by < or >', 'for example created_at<30d, created more than 30 days ago')
  }
  if (day.test(value)) {
    const from = Date.parse(`${value}T00:00:00Z`)
    if (isSameDay(value, from)) return { from, to: from + 86_400_000 }
  }
  const [, seconds, zone] = moment.exec(value) ?? []
  if (moment.test(value)) {
    const from = Math.floor(Date.parse(`${value.replace(' ', 'T')}${zone === undefined ? 'Z' : ''}`) / 1000) * 1000
    if (Number.isFinite(from) && isSameDay(value.slice(0, 10), Date.parse(`${value.slice(0, 10)}T00:00:00Z`))) {
      return { from, to: from + (seconds === undefined ? 60_000 : 1000) }
    }
  }
  throw wrong(given, 'needs an age such as 30d, a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z')
}

/** `2026-02-31` is not March 3rd. */
function isSameDay(text: string, time: number): boolean {
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text)
}

function wrong({ field, text }: Given, problem: string, hint?: string): UsageError {
  return new UsageError(`${JSON.stringify(text)}: ${field.name} ${problem}`, { hint })
}
