import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect as connectWithFetch } from '../browser/index.js'
import type { Cloud } from '../cloud/cloud.js'
import { connect, inspectSource } from '../node/index.js'
import { scriptedServer } from '../testing/http-server.js'
import { drained, md5, objectCloud, type ObjectCloud, someBytes } from '../testing/object-cloud.js'

let at: ObjectCloud
let cloud: Cloud

beforeAll(async () => {
  at = await objectCloud()
  cloud = at.cloud
})
afterAll(async () => at?.[Symbol.asyncDispose]())

const disk = someBytes(300_000)
const encodings: readonly [string, Buffer][] = [
  ['gzip', gzipSync(disk)],
  ['GZIP', gzipSync(disk)],
  ['x-gzip', gzipSync(disk)],
  ['deflate', deflateSync(disk)],
  ['br', brotliCompressSync(disk)],
  ['gzip, br', brotliCompressSync(gzipSync(disk))],
  ['aws-chunked', disk],
  ['identity', disk],
  // Declared as gzip but not compressed: none of our code decodes it.
  ['gzip', disk],
]

/** A dynamic large object of two segments, `disk`. */
async function makeDynamic({ cloud, container, url }: ObjectCloud): Promise<void> {
  await cloud.objects.put(container, 'parts/1', disk.subarray(0, 100_000))
  await cloud.objects.put(container, 'parts/2', disk.subarray(100_000))
  const token = (await cloud.token()) ?? ''
  const headers = { 'x-auth-token': token, 'x-object-manifest': `${encodeURIComponent(container)}/parts/` }
  const made = await fetch(`${url}/${encodeURIComponent(container)}/dynamic`, { method: 'PUT', headers, body: '' })
  expect(made.status).toBe(201)
}

test.each(encodings)(
  'an object stored with Content-Encoding %s is its stored bytes',
  async (contentEncoding, stored) => {
    const put = await cloud.objects.put(at.container, 'e', stored, { contentEncoding, metadata: { os: 'ü' } })
    const known = { bytes: stored.byteLength, etag: md5(stored), contentEncoding }
    expect(put).toMatchObject(known)
    const object = await cloud.objects.get(at.container, 'e')
    expect(object).toMatchObject({ ...known, metadata: { os: 'ü' } })
    expect((await drained(object.stream())).equals(stored)).toBe(true)
    expect((await drained(object.stream({ range: { start: 100, end: 199 } }))).equals(stored.subarray(100, 200))).toBe(
      true,
    )
    expect((await object.peek(20)).byteLength).toBe(20)
    const [listed] = await cloud.objects.list(at.container, { prefix: 'e' }).toArray()
    expect(listed).toMatchObject({ bytes: stored.byteLength, etag: md5(stored) })
    const copy = await cloud.objects.copy(
      { container: at.container, name: 'e' },
      { container: at.container, name: 'f' },
    )
    expect(copy).toMatchObject(known)
    expect((await drained(copy.stream())).equals(stored)).toBe(true)
  },
)

test('a large object with an encoding is read, copied, replaced and removed like any other', async () => {
  const stored = gzipSync(someBytes(2_500_000))
  const options = { segmentSizeBytes: 1_048_576, contentEncoding: 'gzip' }
  expect(await cloud.objects.put(at.container, 'large', stored, options)).toMatchObject({ segmentCount: 3 })
  const object = await cloud.objects.get(at.container, 'large')
  expect(object).toMatchObject({ bytes: stored.byteLength, contentEncoding: 'gzip', large: 'static' })
  expect((await drained(object.stream())).equals(stored)).toBe(true)
  expect(await cloud.objects.segments(at.container, 'large')).toHaveLength(3)
  const to = { container: at.container, name: 'large copy' }
  const copy = await cloud.objects.copy({ container: at.container, name: 'large' }, to)
  expect(copy).toMatchObject({ bytes: stored.byteLength, contentEncoding: 'gzip', large: 'static' })
  expect((await drained(copy.stream())).equals(stored)).toBe(true)
  expect(await cloud.objects.put(at.container, 'large', stored, options)).toMatchObject({ leftSegments: [] })
  await cloud.objects.delete(at.container, 'large')
  await cloud.objects.delete(at.container, 'large copy')
  expect(await at.segmentNames()).toEqual([])
})

test('a stream that is made a plain object by a copy on the server keeps its encoding', async () => {
  const stored = gzipSync(someBytes(1_500_000))
  const chunks = [stored.subarray(0, 700_000), stored.subarray(700_000)]
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const chunk = chunks.shift()
      if (chunk) controller.enqueue(chunk)
      else controller.close()
    },
  })
  const options = { segmentSizeBytes: 10_000_000, contentEncoding: 'gzip' }
  expect(await cloud.objects.put(at.container, 'piped', source, options)).toMatchObject({ segmentCount: 0 })
  expect(await cloud.objects.get(at.container, 'piped')).toMatchObject({ contentEncoding: 'gzip', etag: md5(stored) })
})

test('metadata is set without losing the encoding, or what a dynamic large object is made of', async () => {
  await cloud.objects.put(at.container, 'm', gzipSync(disk), { contentEncoding: 'gzip' })
  await cloud.objects.setMetadata(at.container, 'm', { a: 'b' })
  expect(await cloud.objects.stat(at.container, 'm')).toMatchObject({ contentEncoding: 'gzip', metadata: { a: 'b' } })
  await makeDynamic(at)
  await cloud.objects.setMetadata(at.container, 'dynamic', { a: 'b' })
  const dynamic = await cloud.objects.get(at.container, 'dynamic')
  expect(dynamic).toMatchObject({ large: 'dynamic', bytes: disk.byteLength, metadata: { a: 'b' } })
  expect((await drained(dynamic.stream())).equals(disk)).toBe(true)
})

test('an image is made of what an encoded object stores, decompressed by its first bytes or as it is', async () => {
  const image = gzipSync(disk)
  const checksum = `sha256:${createHash('sha256').update(image).digest('hex')}`
  await cloud.objects.put(at.container, 'i.raw.gz', image, { contentEncoding: 'gzip' })
  const from = { container: at.container, obj: 'i.raw.gz', diskFormat: 'raw', sourceChecksum: checksum }
  expect(await cloud.images.create({ name: 'i', ...from })).toMatchObject({
    size: disk.byteLength,
    checksum: md5(disk),
    decompressed: 'gzip',
    sourceChecksum: { verdict: 'verified' },
  })
  const kept = await cloud.images.create({ name: 'k', ...from, decompress: false, force: true })
  expect(kept).toMatchObject({ size: image.byteLength, checksum: md5(image) })
  expect(await inspectSource(await cloud.objects.get(at.container, 'i.raw.gz'))).toMatchObject({ format: 'gzip' })
})

/** An object storage with one object, behind a server with its own responses to HEAD and GET. */
async function behind(head: OutgoingHttpHeaders, get: OutgoingHttpHeaders, body: Buffer) {
  const server = await scriptedServer((request, response) => {
    if (request.method === 'HEAD') response.writeHead(200, head).end()
    else response.writeHead(200, get).end(body)
  })
  const far = await connect({ auth: at.auth, objectStoreEndpointOverride: server.url })
  return {
    object: await far.objects.get('c', 'o'),
    async [Symbol.asyncDispose]() {
      await far.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

test.each([
  ['gzip', gzipSync(disk), `W/"${md5(disk)}"`],
  ['gzip', gzipSync(disk), `"${md5(disk)}-gzip"`],
  ['br', brotliCompressSync(disk), md5(disk)],
  ['gzip, br', brotliCompressSync(gzipSync(disk)), md5(disk)],
])('a proxy that compresses with %s, though it was not asked to, changes nothing', async (encoding, body, etag) => {
  const head = { 'content-length': disk.byteLength, etag: md5(disk) }
  await using proxy = await behind(head, { 'content-encoding': encoding, etag }, body)
  expect((await drained(proxy.object.stream())).equals(disk)).toBe(true)
})

test('what a proxy puts on top of the stored encoding is undone, and no more', async () => {
  const stored = gzipSync(disk)
  const head = { 'content-length': stored.byteLength, etag: md5(stored), 'content-encoding': 'gzip' }
  const get = { 'content-encoding': 'gzip, br', etag: md5(stored) }
  await using proxy = await behind(head, get, brotliCompressSync(stored))
  expect((await drained(proxy.object.stream())).equals(stored)).toBe(true)
})

test('a transfer coding is undone whatever is stored', async () => {
  const stored = gzipSync(disk)
  const head = { 'content-length': stored.byteLength, etag: md5(stored), 'content-encoding': 'gzip' }
  const get = { 'content-encoding': 'gzip', 'transfer-encoding': 'gzip, chunked', etag: md5(stored) }
  await using proxy = await behind(head, get, gzipSync(stored))
  expect((await drained(proxy.object.stream())).equals(stored)).toBe(true)
})

test('a proxy that decompresses what is stored is found out before a byte is taken for the object', async () => {
  const stored = gzipSync(disk)
  const head = { 'content-length': stored.byteLength, etag: md5(stored), 'content-encoding': 'gzip' }
  await using proxy = await behind(head, { etag: md5(stored) }, disk)
  await expect(drained(proxy.object.stream())).rejects.toThrow(/was decompressed on its way/)
})

test('an object of which no length is told is an error, an empty one, or counted by its segments', async () => {
  const gone = { type: 'headers', headers: { 'content-length': null, 'transfer-encoding': 'chunked' } } as const
  const match = { method: 'HEAD', path: '/(?:full|empty|dynamic)$' }
  await using far = await objectCloud([{ match, fault: gone }])
  await far.cloud.objects.put(far.container, 'full', disk)
  await far.cloud.objects.put(far.container, 'empty', new Uint8Array())
  await makeDynamic(far)
  await expect(far.cloud.objects.get(far.container, 'full')).rejects.toThrow(/does not report the size/)
  expect(await far.cloud.objects.get(far.container, 'empty')).toMatchObject({ bytes: 0 })
  const dynamic = await far.cloud.objects.get(far.container, 'dynamic')
  expect(dynamic).toMatchObject({ bytes: disk.byteLength })
  expect((await drained(dynamic.stream())).equals(disk)).toBe(true)
})

test('where fetch undoes an encoding, stored bytes that cannot be had are refused, and others are read', async () => {
  const browser = await connectWithFetch({
    auth: at.auth,
    objectStoreEndpointOverride: at.url,
  })
  await cloud.objects.put(at.container, 'b.gz', gzipSync(disk), { contentEncoding: 'gzip' })
  const object = await browser.objects.get(at.container, 'b.gz')
  expect(object).toMatchObject({ bytes: gzipSync(disk).byteLength, contentEncoding: 'gzip' })
  await expect(drained(object.stream())).rejects.toThrow(/runtime undoes by itself: its stored bytes cannot be read/)
  await cloud.objects.put(at.container, 'plain', disk)
  const plain = await browser.objects.get(at.container, 'plain')
  expect((await drained(plain.stream())).equals(disk)).toBe(true)
  await browser.close()
})
