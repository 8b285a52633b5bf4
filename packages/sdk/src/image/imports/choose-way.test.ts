import { expect, test } from 'vitest'
import { type ImportNeeds, waysToImport } from './choose-way.js'

const all = ['glance-direct', 'web-download', 'copy-image']
const address: ImportNeeds = { hasUri: true, mustBeSent: undefined, isForMany: false, methods: all }
const vias = (needs: Partial<ImportNeeds>) => waysToImport({ ...address, ...needs }).map(({ via }) => via)

test('the server downloads an address where it can, and it is sent from here otherwise', () => {
  expect(vias({})).toEqual(['web', 'upload'])
  expect(vias({ isForMany: true })).toEqual(['web', 'direct'])
  expect(vias({ methods: ['glance-direct'] })).toEqual(['upload'])
  expect(vias({ methods: [] })).toEqual(['upload'])
  expect(vias({ mustBeSent: 'it is compressed' })).toEqual(['upload'])
  expect(vias({ mustBeSent: 'it is compressed', isForMany: true })).toEqual(['direct'])
})

test('data is uploaded to one store, and imported into several', () => {
  expect(vias({ hasUri: false })).toEqual(['upload'])
  expect(vias({ hasUri: false, isForMany: true })).toEqual(['direct'])
})

test('the reason names what decided', () => {
  const [way] = waysToImport({ ...address, mustBeSent: 'it is compressed', isForMany: true })
  expect(way.reason).toMatch(/^it is compressed; .*glance-direct/)
  expect(waysToImport({ ...address, methods: [] })[0].reason).toMatch(/no web-download/)
})

test('several stores without an import are refused', () => {
  expect(() => vias({ hasUri: false, isForMany: true, methods: [] })).toThrow(/glance-direct/)
  expect(() => vias({ isForMany: true, methods: ['web-download'], mustBeSent: 'it is compressed' })).toThrow(
    /it is compressed/,
  )
})
