import { expect, test } from 'vitest'
import { Refusal } from '../../refusal.js'
import { checkSchema } from './check-schema.js'
import { namespaceDocument, objectDocument, propertyDocument } from './metadef-documents.js'
import type { SchemaDocument } from './schema.js'

const refusalOf = (document: SchemaDocument, body: unknown) => {
  try {
    checkSchema(document, body)
    return 'none'
  } catch (error) {
    if (error instanceof Refusal) return `${error.kind}: ${error.message.replace(/^Provided.*?: /, '')}`
    throw error
  }
}

test.each([
  [
    'of the mismatches, the one that is nested least',
    { namespace: 'x', properties: { a: 1 }, protected: 'no' },
    "'no'",
  ],
  ['an unknown field before a missing one', { x: 1 }, 'Additional properties'],
  ['the last of equals in the order of the alphabet', { description: 1, namespace: 2, owner: 3 }, '3 is not'],
  [
    'one deep in a map',
    { namespace: 'x', properties: { a: { title: 'A', type: 'string', items: { type: 'x' } } } },
    "'x'",
  ],
])('%s is reported', (_what, body, begin) => {
  expect(refusalOf(namespaceDocument, body)).toMatch(new RegExp(`^invalid: ${begin}`))
})

test('values are shown as Python prints them', () => {
  expect(refusalOf(objectDocument, { name: [null, true, 1.5, { a: "it's" }] })).toBe(
    `invalid: [None, True, 1.5, {'a': "it's"}] is not of type 'string'`,
  )
  expect(refusalOf(objectDocument, [])).toBe("invalid: [] is not of type 'object'")
})

test('a boolean is no number, and lengths are in characters', () => {
  const property = { name: 'p', title: 'P', type: 'string' }
  expect(refusalOf(propertyDocument, { ...property, minimum: true })).toBe("invalid: True is not of type 'number'")
  expect(refusalOf(propertyDocument, { ...property, name: '🐟'.repeat(80) })).toBe('none')
  expect(refusalOf(propertyDocument, { ...property, name: '🐟'.repeat(81) })).toMatch(/is too long$/)
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a name that objects inherit is no name of ours: %s',
  (name) => {
    const body = JSON.parse(`{"namespace": "x", "${name}": 1}`) as unknown
    expect(refusalOf(namespaceDocument, body)).toBe(
      `invalid: Additional properties are not allowed ('${name}' was unexpected)`,
    )
    const map = JSON.parse(`{"namespace": "x", "properties": {"${name}": {"title": "T", "type": "string"}}}`) as unknown
    expect(refusalOf(namespaceDocument, map)).toBe('none')
  },
)

test('what cannot be stored is refused wherever it is', () => {
  for (const text of ['a\0b', '\ud800']) {
    expect(refusalOf(namespaceDocument, { namespace: 'x', tags: [{ name: text }] })).toMatch(
      /^invalid: .*cannot be stored/,
    )
    const properties = { [text]: { title: 'T', type: 'string' } }
    expect(refusalOf(namespaceDocument, { namespace: 'x', properties })).toMatch(/^invalid: .*cannot be stored/)
  }
})

test('a body of very many parts is refused before it is checked', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `t${at}` }))
  expect(refusalOf(namespaceDocument, { namespace: 'x', tags: tags(9_998) })).toBe('none')
  expect(refusalOf(namespaceDocument, { namespace: 'x', tags: tags(9_999) })).toMatch(/^over-limit: /)
})
