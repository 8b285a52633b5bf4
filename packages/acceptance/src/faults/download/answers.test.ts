import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { TyraxError } from '@tyrax/sdk'
import type { Fault } from '@tyrax/server'
import { failure, faultyCloud, someData, type FaultyCloud } from '../faulty-cloud.js'

const size = 2_000_000
const file = { method: 'GET', path: '/file$' } as const

async function stored(under: FaultyCloud): Promise<{ id: string; data: Buffer; to: string }> {
  const { data } = someData(size)
  const { id } = await under.direct.images.create({ name: 'd', diskFormat: 'raw', data })
  return { id, data, to: path.join(under.folder, 'd.raw') }
}

test('a download through a slow, chopped line is the image, byte for byte', async () => {
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'trickle', bytesPerSecond: 4_000_000 } }],
  })
  const { id, data, to } = await stored(under)
  expect(await under.cloud.images.download(id, { to })).toMatchObject({ path: to, bytes: size, verdict: 'verified' })
  expect((await readFile(to)).equals(data)).toBe(true)
  expect(await readdir(under.folder)).toEqual(['d.raw'])
})

test.each<[string, Fault, string]>([
  ['is longer than the image', { type: 'extend', bytes: 1 }, 'IntegrityError'],
  ['has one wrong byte', { type: 'corrupt', atResponseByte: 1_234_567 }, 'IntegrityError'],
  ['has no data after all', { type: 'status', status: 204 }, 'ImageStatusError'],
])('a download that %s leaves no file', async (_what, fault, name) => {
  await using under = await faultyCloud({ image: [{ match: file, fault }] }, { retry: { delayMs: 1, retries: 1 } })
  const { id, to } = await stored(under)
  const error = await failure(under.cloud.images.download(id, { to }))
  expect(error).toBeInstanceOf(TyraxError)
  expect(error).toMatchObject({ name })
  expect(await readdir(under.folder)).toEqual([])
})

test('a stream ends in an error when a byte of it is wrong', async () => {
  await using under = await faultyCloud({ image: [{ match: file, fault: { type: 'corrupt', atResponseByte: 7 } }] })
  const { id } = await stored(under)
  const { stream } = await under.cloud.images.download(id)
  const read = async () => {
    let bytes = 0
    for await (const chunk of stream) bytes += chunk.byteLength
    return bytes
  }
  expect(await failure(read())).toMatchObject({ name: 'IntegrityError' })
})

test.each<[string, Fault]>([
  ['a reset before the answer', { type: 'reset' }],
  ['a 503', { type: 'status', status: 503, headers: { 'retry-after': '0' } }],
  ['a 401', { type: 'status', status: 401 }],
])('after %s the download is asked for again', async (_what, fault) => {
  await using under = await faultyCloud({ image: [{ match: { ...file, nth: 1 }, fault }] })
  const { id, data, to } = await stored(under)
  await under.cloud.images.download(id, { to })
  expect((await readFile(to)).equals(data)).toBe(true)
})
