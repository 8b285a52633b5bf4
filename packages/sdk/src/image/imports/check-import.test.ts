import { expect, test } from 'vitest'
import { checkImport } from './check-import.js'
import type { ImportOptions } from './import-options.js'

const uri = 'https://example.org/disk.raw'
const data = new Uint8Array(1)

test.each<[string, ImportOptions]>([
  ['nothing', {}],
  ['an unknown way', { uri, via: 'carrier pigeon' as 'web' }],
  ['a way and a method that differ', { uri, via: 'direct', method: 'web-download' }],
  ['two sources', { uri, source: data }],
  ['a web-download without an address', { source: data, via: 'web' }],
  ['a web-download without an address, by its method', { method: 'web-download' }],
  ['an address that is none', { uri: 'not an address' }],
  ['a file as an address', { uri: 'file:///etc/passwd' }],
  ['no stores', { uri, stores: [] }],
  ['a store twice', { uri, stores: ['a', 'b', 'a'] }],
  ['stores and all stores', { uri, stores: ['a'], allStores: true }],
  ['must-succeed without stores', { uri, allStoresMustSucceed: false }],
  ['a glance-download without a region', { method: 'glance-download', glanceImageId: 'x' }],
  ['a region without glance-download', { uri, glanceRegion: 'one' }],
  ['a copy without stores', { method: 'copy-image' }],
  ['a copy with data', { method: 'copy-image', allStores: true, source: data }],
])('%s is refused', (_what, options) => {
  expect(() => checkImport(options)).toThrow(expect.objectContaining({ name: 'UsageError' }) as Error)
})

test.each<ImportOptions>([
  { uri },
  { uri: new URL(uri), via: 'web', stores: ['a', 'b'], allStoresMustSucceed: false },
  { uri, method: 'web-download' },
  { source: data, allStores: true },
  { method: 'glance-direct' },
  { method: 'copy-image', stores: ['a'] },
  { method: 'glance-download', glanceRegion: 'one', glanceImageId: 'x', glanceServiceInterface: 'internal' },
  { method: 'our-own' },
])('%j is accepted', (options) => {
  expect(checkImport(options)).toBeUndefined()
})

test('an address in a message shows no secret', () => {
  const secret = 'https://user:pass word@ex ample/?sig=topsecret'
  expect(() => checkImport({ uri: secret })).toThrow(/is not a URL/)
  expect(() => checkImport({ uri: secret })).not.toThrow(/topsecret|pass/)
})
