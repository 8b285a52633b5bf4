import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { fromUrl, type TyraxError } from '@tyrax/sdk'
import { fixturePath, randomDisk } from '@tyrax/testkit'
import { failure, faultyCloud } from '../faulty-cloud.js'
import { leftOvers, raw, uploads } from './scene.js'

const disk = randomDisk(2_000_000)
const packed = gzipSync(disk)
const sha256 = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const sha512 = createHash('sha512').update(disk).digest('hex')

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** An address that serves its file with a wrong byte this number of times when all of it is requested. */
async function address(body: Buffer, times: number): Promise<{ url: string; asked: () => number }> {
  let count = 0
  const server = createServer((incoming, outgoing) => {
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(incoming.headers.range ?? '') ?? []
    const start = Number(from ?? 0)
    const end = to ? Number(to) + 1 : body.byteLength
    const bytes = Buffer.from(body.subarray(start, end))
    const headers = { 'content-length': bytes.byteLength, etag: '"1"' }
    if (from !== undefined) {
      outgoing
        .writeHead(206, { ...headers, 'content-range': `bytes ${start}-${end - 1}/${body.byteLength}` })
        .end(bytes)
      return
    }
    count += 1
    // In the middle, so that inspecting the beginning does not find it.
    if (count <= times) bytes[1_000_000] = (bytes[1_000_000] ?? 0) ^ 0xff
    outgoing.writeHead(200, headers).end(bytes)
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/u.img`, asked: () => count }
}

test.each([
  ['its published checksum', disk, { sourceChecksum: sha256(disk) }, 'ChecksumMismatch'],
  [
    'the published checksum of the compressed file',
    packed,
    { sourceChecksum: sha256(packed) },
    /ChecksumMismatch|SourceError/,
  ],
  ['its compression', packed, {}, 'SourceError'],
] as const)(
  'U24: a URL whose bytes came damaged once, by %s, is read once more',
  async (_what, body, options, name) => {
    await using under = await faultyCloud({})
    const { url, asked } = await address(body, 1)
    const told: TyraxError[] = []
    const onDamaged = (error: TyraxError) => told.push(error)
    const image = await under.cloud.images.create({ ...raw, data: fromUrl(url), ...options, onDamaged })
    expect(image).toMatchObject({ status: 'active', osHashValue: sha512, verdict: 'verified' })
    expect(told.map((error) => error.name)).toEqual([expect.stringMatching(name)])
    expect(asked()).toBe(2)
    expect(await leftOvers(under)).toEqual(['active'])
  },
)

test('U24: a compressed qcow2, which is looked into on its way, is read once more as well', async () => {
  await using under = await faultyCloud({})
  const image = gzipSync(Buffer.concat([await readFile(fixturePath('qcow2')), disk]))
  const { url, asked } = await address(image, 1)
  const told: TyraxError[] = []
  const onDamaged = (error: TyraxError) => told.push(error)
  const fields = { name: 'q', diskFormat: 'qcow2', sourceChecksum: sha256(image) } as const
  const made = await under.cloud.images.create({ ...fields, data: fromUrl(url), onDamaged })
  expect(made).toMatchObject({ status: 'active', verdict: 'verified' })
  expect(told).toHaveLength(1)
  expect(asked()).toBe(2)
  expect(await leftOvers(under)).toEqual(['active'])
})

test('U24: what came damaged twice is an error, read twice, and nothing is left', async () => {
  await using under = await faultyCloud({})
  const { url, asked } = await address(disk, 9)
  const created = under.cloud.images.create({ ...raw, data: fromUrl(url), sourceChecksum: sha256(disk) })
  expect(await failure(created)).toMatchObject({ name: 'ChecksumMismatch' })
  expect(asked()).toBe(2)
  expect(await leftOvers(under)).toEqual([])
})

test('U24: a local source that is not what was published is not read again', async () => {
  await using under = await faultyCloud({})
  const created = under.cloud.images.create({ ...raw, data: disk, sourceChecksum: sha256(packed) })
  expect(await failure(created)).toMatchObject({ name: 'ChecksumMismatch' })
  expect(uploads(under)).toHaveLength(1)
  expect(await leftOvers(under)).toEqual([])
})

test('U24: an upload to an image that was there reads a damaged URL once more too', async () => {
  await using under = await faultyCloud({})
  const { id } = await under.cloud.images.create(raw)
  const { url, asked } = await address(disk, 1)
  const result = await under.cloud.images.upload(id, fromUrl(url), { sourceChecksum: sha256(disk) })
  expect(result).toMatchObject({ verdict: 'verified', image: { id, status: 'active' } })
  expect(asked()).toBe(2)
})

/** A cloud with an object whose bytes arrive damaged this number of times. */
async function damagedObject(count: number) {
  const match = { method: 'GET', path: '/u$', headers: { range: '^$' }, count }
  const under = await faultyCloud({
    objectStore: [{ match, fault: { type: 'corrupt', atResponseByte: 1_500_000 } }],
  })
  await under.direct.objects.createContainer('c')
  await under.direct.objects.put('c', 'u', disk)
  return under
}

test('U24: an object whose bytes came damaged once, by its MD5, is read once more', async () => {
  await using under = await damagedObject(1)
  const image = await under.cloud.images.create({ ...raw, container: 'c', obj: 'u' })
  expect(image).toMatchObject({ status: 'active', osHashValue: sha512 })
})

test('U24: an object whose bytes came damaged twice is an error, and nothing is left', async () => {
  await using under = await damagedObject(9)
  const created = under.cloud.images.create({ ...raw, container: 'c', obj: 'u' })
  expect(await failure(created)).toMatchObject({ name: 'ChecksumMismatch', algorithm: 'md5' })
  expect(await leftOvers(under)).toEqual([])
})
