import { imageFields, jsonPatchV20, jsonPatchV21 } from '@tyrax/protocol'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Refusal } from '../../../refusal.js'
import { stockFields } from '../../testing/stock-fields.js'
import { parsePatch, patchDialects, type PatchDialect } from './parse-patch.js'

const v20 = patchDialects.get(jsonPatchV20) as PatchDialect
const v21 = patchDialects.get(jsonPatchV21) as PatchDialect

const kindOf = (work: () => unknown): string => {
  try {
    work()
    return 'none'
  } catch (error) {
    return error instanceof Refusal ? error.kind : String(error)
  }
}

test('both dialects say the same three things', () => {
  const expected = [
    { op: 'add', key: 'a/b', value: '1' },
    { op: 'replace', key: 'name', value: null },
    { op: 'remove', key: 'c~d' },
  ]
  const draft10 = [
    { op: 'add', path: '/a~1b', value: '1' },
    { op: 'replace', path: '/name', value: null },
    { op: 'remove', path: '/c~0d' },
  ]
  const draft4 = [{ add: '/a~1b', value: '1' }, { replace: '/name', value: null }, { remove: '/c~0d' }]
  expect(parsePatch(draft10, v21, stockFields)).toMatchObject(expected)
  expect(parsePatch(draft4, v20, stockFields)).toMatchObject(expected)
})

test.each([
  ['not a list', { op: 'add' }],
  ['not an object', ['add']],
  ['no op', [{ path: '/a', value: '1' }]],
  ['an op of full JSON Patch', [{ op: 'test', path: '/a', value: '1' }]],
  ['no path', [{ op: 'add', value: '1' }]],
  ['no value', [{ op: 'add', path: '/a' }]],
  ['no leading slash', [{ op: 'add', path: 'a', value: '1' }]],
  ['a trailing slash', [{ op: 'add', path: '/a/', value: '1' }]],
  ['an empty part', [{ op: 'add', path: '/a//b', value: '1' }]],
  ['an unknown escape', [{ op: 'add', path: '/a~2', value: '1' }]],
  ['a place within a list', [{ op: 'add', path: '/tags/0', value: 'x' }]],
  ['an end of a list', [{ op: 'add', path: '/tags/-', value: 'x' }]],
  ['a number as a property', [{ op: 'add', path: '/a', value: 1 }]],
  ['null as a property', [{ op: 'replace', path: '/a', value: null }]],
  ['null where there is always a value', [{ op: 'replace', path: '/min_disk', value: null }]],
  ['a negative amount', [{ op: 'replace', path: '/min_ram', value: -1 }]],
  ['an unknown visibility', [{ op: 'replace', path: '/visibility', value: 'secret' }]],
  ['a name of 256 characters', [{ op: 'replace', path: '/name', value: 'x'.repeat(256) }]],
  ['a key of 256 characters', [{ op: 'add', path: `/${'x'.repeat(256)}`, value: '1' }]],
])('%s is invalid', (_what, body) => {
  expect(kindOf(() => parsePatch(body, v21, stockFields))).toBe('invalid')
})

test.each(imageFields.filter((field) => !field.patch).map((field) => field.wire))('%s is read-only', (key) => {
  expect(kindOf(() => parsePatch([{ op: 'remove', path: `/${key}` }], v21, stockFields))).toBe('forbidden')
})

test.each(['location', 'deleted', 'deleted_at', 'os_glance_import_task'])('%s is reserved', (key) => {
  expect(kindOf(() => parsePatch([{ op: 'add', path: `/${key}`, value: 'x' }], v21, stockFields))).toBe('forbidden')
})

test('whatever is sent is either understood or refused with a reason', () => {
  const operation = fc.record(
    {
      op: fc.oneof(fc.constantFrom('add', 'remove', 'replace'), fc.anything()),
      path: fc.anything(),
      value: fc.anything(),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.array(operation)), fc.constantFrom(v20, v21), (body, dialect) => {
      expect(['none', 'invalid', 'forbidden']).toContain(kindOf(() => parsePatch(body, dialect, stockFields)))
    }),
  )
})
