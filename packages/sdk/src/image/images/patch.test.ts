import { unescapePointerToken } from '@tyrax/protocol'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { UsageError } from '../../errors/tyrax-error.js'
import { decodeImage, encodeImage } from './codec.js'
import type { Image } from './image.js'
import { checkProperty } from './image-values.js'
import { buildPatch, checkUpdate, type ImageUpdate, type PatchOperation } from './patch.js'

const image = (properties: Record<string, string> = {}): Image =>
  decodeImage({
    ...properties,
    id: 'b2173dd3-7ad6-4362-baa6-a68bce3565cb',
    name: 'old',
    status: 'active',
    min_ram: 512,
    tags: ['b', 'a'],
    created_at: '2015-11-29T22:21:42Z',
    updated_at: '2015-11-29T22:21:42Z',
  })

/** What the server does with a patch (RFC 6902 sections 4.1 to 4.3, at depth 1). */
function apply(wire: Record<string, unknown>, operations: readonly PatchOperation[]): Record<string, unknown> {
  const result = new Map(Object.entries(wire))
  for (const operation of operations) {
    const key = unescapePointerToken(operation.path.slice(1))
    if (operation.op !== 'add' && !result.has(key)) throw new Error(`409: ${key} is not there`)
    if (operation.op === 'add' && result.has(key)) throw new Error(`409: ${key} is there`)
    if (operation.op === 'remove') result.delete(key)
    else result.set(key, operation.value)
  }
  return Object.fromEntries(result)
}

const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((name) => {
  try {
    checkProperty(name, '')
    return true
  } catch {
    return false
  }
})
const properties = fc.dictionary(key, fc.string(), { noNullPrototype: false })

test('a patch, applied to what was read, gives what was wanted, and then there is nothing left to do', () => {
  fc.assert(
    fc.property(properties, fc.dictionary(key, fc.option(fc.string())), fc.string(), (before, wanted, name) => {
      const fresh = image(before)
      const update: ImageUpdate = { name, properties: wanted }
      checkUpdate(update)
      const after = decodeImage(apply(encodeImage(fresh), buildPatch(fresh, update)))
      expect(after.name).toBe(name)
      const kept = Object.entries(fresh.properties).filter(([one]) => !Object.hasOwn(wanted, one))
      const set = Object.entries(wanted).filter(([, value]) => value !== null)
      expect(new Map(Object.entries(after.properties))).toEqual(new Map([...kept, ...set] as [string, string][]))
      expect(buildPatch(after, update)).toEqual([])
    }),
  )
})

test('the operation follows what the image has on the wire, not what an object happens to have', () => {
  const operations = buildPatch(image({ present: '1' }), {
    properties: { present: '2', manager: 'x', update: 'y', gone: null },
  })
  expect(operations).toEqual([
    { op: 'replace', path: '/present', value: '2' },
    { op: 'add', path: '/manager', value: 'x' },
    { op: 'add', path: '/update', value: 'y' },
  ])
})

test('keys are escaped as JSON pointers', () => {
  expect(buildPatch(image(), { properties: { 'a/b~c': '1' } })).toEqual([{ op: 'add', path: '/a~1b~0c', value: '1' }])
})

test('null removes a property and resets a field', () => {
  expect(buildPatch(image({ old: 'x' }), { name: null, minRam: null, tags: null, properties: { old: null } })).toEqual([
    { op: 'replace', path: '/name', value: null },
    { op: 'replace', path: '/min_ram', value: 0 },
    { op: 'replace', path: '/tags', value: [] },
    { op: 'remove', path: '/old' },
  ])
})

test('tags are replaced whole, and their order is no change', () => {
  expect(buildPatch(image(), { tags: ['a', 'c'] })).toEqual([{ op: 'replace', path: '/tags', value: ['a', 'c'] }])
  expect(buildPatch(image(), { tags: ['a', 'b'] })).toEqual([])
})

test.each<[string, unknown, RegExp]>([
  ['a field that does not exist', { color: 'red' }, /no field color/],
  ['a field by its wire name', { min_ram: 1 }, /no field min_ram/],
  ['a field of the server', { size: 1 }, /cannot be set/],
  ['the status', { status: 'active' }, /cannot be set/],
  ['a number as a property', { properties: { cpu: 4 } }, /property values are strings/],
  ['a reserved property', { properties: { os_glance_importing_to_stores: 'x' } }, /reserved/],
  ['a field among the properties', { properties: { min_ram: '1' } }, /field of every image/],
  ['a property with a name of 256 characters', { properties: { ['k'.repeat(256)]: 'v' } }, /more than 255/],
  ['a fraction', { minRam: 0.5 }, /whole number/],
  ['a visibility of null', { visibility: null }, /cannot be empty/],
  ['tags that are no list', { tags: 'lts' }, /list of strings/],
  ['a tag of 256 characters', { tags: ['t'.repeat(256)] }, /more than 255/],
])('%s is refused before anything is sent', (_what, update, message) => {
  expect(() => checkUpdate(update as ImageUpdate)).toThrow(UsageError)
  expect(() => checkUpdate(update as ImageUpdate)).toThrow(message)
})
