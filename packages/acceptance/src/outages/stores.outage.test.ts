import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { someData } from '../faults/faulty-cloud.js'
import { dataExchanges, throughFaults } from './real-cloud.js'
import { tell } from './tell.js'

const size = 3_000_000
const cutAt = 2_000_000
const plan = [
  {
    match: { method: 'GET', path: '/file$', nth: 1 },
    fault: { type: 'close' as const, afterResponseBytes: cutAt },
  },
]
/** What the client had not yet read when the connection was cut is requested again. */
const rest = (status: number) => expect.stringMatching(new RegExp(`^GET [12]\\d{6}-${size - 1}: ${status}$`)) as string

test.each([
  ['fast', 'gives parts: the rest', ['GET whole: 200', rest(206)]],
  ['swift', 'answers 400 to a range: all of it again', ['GET whole: 200', rest(400), 'GET whole: 200']],
])('a download from the store %s, whose connection was cut, is whole; it %s', async (store, how, exchanges) => {
  await using at = await throughFaults(inject('openstack'), plan)
  const { data, sha512 } = someData(size)
  const image = await at.cloud.images.create({ name: 'cut', diskFormat: 'raw', data, store })
  try {
    expect(image).toMatchObject({ verdict: 'verified', osHashValue: sha512, stores: store })
    const to = path.join(at.folder, 'cut.raw')
    const result = await at.cloud.images.download(image.id, { to })
    expect(result).toMatchObject({ bytes: size, verdict: 'verified' })
    expect((await readFile(to)).equals(data)).toBe(true)
    expect(await readdir(at.folder)).toEqual(['cut.raw'])
    const [put, ...seen] = dataExchanges(at.faults)
    expect([put, ...seen]).toEqual(['PUT whole: 204', ...exchanges])
    const what = `Download from the store ${store}, connection cut at byte ${cutAt} (it ${how})`
    tell(what, result.bytes, result.verdict, seen)
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
    const verdict = found.safety.warnings[0] ?? 'safe'
    tell(
      `Inspection of an image of ${size} bytes in the store ${store}`,
      found.readBytes,
      verdict,
      dataExchanges(at.faults).slice(1),
    )
  } finally {
    await at.cloud.images.delete(image.id)
  }
})
