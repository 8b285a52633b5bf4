import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { someData } from '../faults/faulty-cloud.js'
import { dataRequests, throughFaults } from './real-cloud.js'

const size = 3_000_000
const cutAt = 2_000_000
const plan = [
  {
    match: { method: 'GET', path: '/file$', nth: 1 },
    fault: { type: 'close' as const, afterResponseBytes: cutAt },
  },
]

test.each([
  ['fast', 'gives parts', ['GET whole', `GET ${cutAt}-${size - 1}`]],
  ['swift', 'answers 400 to a range', ['GET whole', `GET ${cutAt}-${size - 1}`, 'GET whole']],
])('a download from the store %s, which %s, is whole after its connection was cut', async (store, _how, asked) => {
  await using at = await throughFaults(inject('openstack'), plan)
  const { data, sha512 } = someData(size)
  const image = await at.cloud.images.create({ name: 'cut', diskFormat: 'raw', data, store })
  try {
    expect(image).toMatchObject({ verdict: 'verified', osHashValue: sha512, stores: store })
    const to = path.join(at.folder, 'cut.raw')
    expect(await at.cloud.images.download(image.id, { to })).toMatchObject({ bytes: size, verdict: 'verified' })
    expect((await readFile(to)).equals(data)).toBe(true)
    expect(await readdir(at.folder)).toEqual(['cut.raw'])
    expect(dataRequests(at.faults).slice(1)).toEqual(asked)
  } finally {
    await at.cloud.images.delete(image.id)
  }
})

test.each([
  ['fast', []],
  ['swift', [expect.stringContaining('first 2 MiB')]],
])('an image in the store %s is looked into', async (store, warnings) => {
  await using at = await throughFaults(inject('openstack'))
  const data = new Uint8Array(size)
  const image = await at.cloud.images.create({ name: 'looked into', diskFormat: 'raw', data, store })
  try {
    const found = await at.cloud.images.inspect(image)
    expect(found).toMatchObject({ format: 'raw', sizeBytes: size, safety: { safe: true, warnings } })
    expect(found.readBytes).toBeLessThanOrEqual(2 * 1024 * 1024)
  } finally {
    await at.cloud.images.delete(image.id)
  }
})
