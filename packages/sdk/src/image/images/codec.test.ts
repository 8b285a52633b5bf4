import { imageFieldByWire, imageFields, type WireImage } from '@tyrax/protocol'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeImage, encodeImage } from './codec.js'

const wireTime = fc
  .integer({ min: 0, max: 4_000_000_000 })
  .map((seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'))
const text = fc.string({ unit: 'binary' })
const values = {
  string: text,
  integer: fc.nat(),
  boolean: fc.boolean(),
  date: wireTime,
  strings: fc.array(text),
  list: fc.array(fc.dictionary(text, text)),
}
const base = fc.record(
  Object.fromEntries(
    imageFields.map(({ wire, type, nullable }) => [
      wire,
      nullable ? fc.option<unknown>(values[type]) : (values[type] as fc.Arbitrary<unknown>),
    ]),
  ),
  { requiredKeys: imageFields.filter(({ always }) => always).map(({ wire }) => wire) },
)
const custom = fc.dictionary(
  text.filter((key) => !imageFieldByWire(key)),
  text,
)
const anyWire = fc.tuple(base, custom).map(([fields, properties]) => {
  const wire = JSON.parse(JSON.stringify(fields)) as Record<string, unknown>
  for (const [key, value] of Object.entries(properties)) {
    Object.defineProperty(wire, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return wire as WireImage
})

const sample: WireImage = JSON.parse(`{
  "id": "b2173dd3-7ad6-4362-baa6-a68bce3565cb", "name": null, "status": "queued", "visibility": "shared",
  "protected": false, "os_hidden": false, "checksum": null, "os_hash_algo": null, "os_hash_value": null,
  "owner": "5ef70662f8b34079a6eddb8da9d75fe8", "size": null, "virtual_size": null, "container_format": null,
  "disk_format": null, "min_disk": 0, "min_ram": 0, "created_at": "2015-11-29T22:21:42Z",
  "updated_at": "2015-11-29T22:21:43Z", "tags": ["a"], "self": "/v2/images/b2", "file": "/v2/images/b2/file",
  "schema": "/v2/schemas/image"}`) as WireImage

test('an image comes back from its decoding as it was on the wire', () => {
  fc.assert(
    fc.property(anyWire, (wire) => {
      expect(JSON.parse(JSON.stringify(encodeImage(decodeImage(wire))))).toEqual(JSON.parse(JSON.stringify(wire)))
    }),
  )
})

test('fields are named in camelCase and times are Dates', () => {
  const image = decodeImage(sample)
  expect(image).toMatchObject({ name: null, minDisk: 0, osHashAlgo: null, diskFormat: null, tags: ['a'] })
  expect(image.createdAt).toEqual(new Date('2015-11-29T22:21:42Z'))
})

test('a property may be called as anything without touching anything else', () => {
  const wire = JSON.parse(
    JSON.stringify(sample).replace('{', '{"__proto__": "a", "constructor": "b", "update": "c", "properties": "d",'),
  ) as unknown
  const image = decodeImage(wire)
  expect(Object.entries(image.properties)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
    ['update', 'c'],
    ['properties', 'd'],
  ])
  expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  expect(JSON.stringify(encodeImage(image))).toContain('"__proto__":"a"')
})

test('fields of a newer server are kept, whatever their type', () => {
  const image = decodeImage({ ...sample, os_new_flag: true, os_new_list: [1], note: 'x' })
  expect(image.properties).toEqual({ note: 'x' })
  expect(image.extra).toEqual({ os_new_flag: true, os_new_list: [1] })
  expect(encodeImage(image)).toMatchObject({ os_new_flag: true, os_new_list: [1], note: 'x' })
})

test('fields that an older server does not have read as unset', () => {
  const { os_hidden: _hidden, os_hash_algo: _algo, os_hash_value: _value, ...older } = sample
  expect(decodeImage(older)).toMatchObject({ osHidden: false, osHashAlgo: null, osHashValue: null })
})

test.each([
  ['a list', []],
  ['null', null],
  ['an object without an id', {}],
  ['an impossible time', { ...sample, created_at: 'yesterday' }],
  ['tags that are no list', { ...sample, tags: 'a' }],
])('%s is refused as an image', (_what, wire) => {
  expect(() => decodeImage(wire)).toThrow(/not an image|not a time/)
})
