import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { startCloud } from '@tyrax/server'
import { expect, test } from 'vitest'
import { fromUrl as fromUrlByFetch } from '../browser/sources/url-source.js'
import { connect, fromUrl, inspectSource } from '../node/index.js'
import { scriptedServer } from '../testing/http-server.js'
import type { Source } from './source.js'

const disk = Buffer.alloc(400_000)
for (let at = 0; at < disk.byteLength; at += 4) disk.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Serves a file with these headers, with support for ranges, as Apache does with `foo.img.gz`. */
const host =
  (body: Buffer, headers: Record<string, string>, cutAt?: number): RequestListener =>
  (request, response) => {
    const [, from] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? []
    const start = Number(from ?? 0)
    const rest = body.subarray(start)
    const range =
      from === undefined ? {} : { 'content-range': `bytes ${start}-${body.byteLength - 1}/${body.byteLength}` }
    response.writeHead(from === undefined ? 200 : 206, {
      'content-length': rest.byteLength,
      etag: '"1"',
      ...headers,
      ...range,
    })
    if (cutAt === undefined || start > 0) response.end(rest)
    else response.write(rest.subarray(0, cutAt), () => response.destroy())
  }

async function read(source: Source): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  await source.prepare()
  await source.peek(100)
  for await (const chunk of source.open()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test.each([
  ['gzip', gzipSync(disk)],
  ['x-gzip', gzipSync(disk)],
  ['br', brotliCompressSync(disk)],
  ['zstd', disk],
])('a file that is published with Content-Encoding %s is taken as it is', async (encoding, body) => {
  await using server = await scriptedServer(host(body, { 'content-encoding': encoding }))
  const source = fromUrl(`${server.url}/u.img.gz`)
  expect((await read(source)).equals(body)).toBe(true)
  expect(source.size).toBe(body.byteLength)
})

test('what breaks off goes on in the encoded file', async () => {
  const body = gzipSync(disk)
  await using server = await scriptedServer(host(body, { 'content-encoding': 'gzip' }, 100_000))
  const source = fromUrl(`${server.url}/u.img.gz`, { retry: { delayMs: 1 } })
  expect((await read(source)).equals(body)).toBe(true)
})

test('an image is made of it, decompressed by its first bytes, and compared with the checksum that was published', async () => {
  const body = gzipSync(disk)
  const list = gzipSync(`${sha256(body)}  u.img.gz\n`)
  await using server = await scriptedServer((request, response) => {
    const file = request.url?.endsWith('SUMS') ? list : body
    host(file, { 'content-encoding': 'gzip' })(request, response)
  })
  await using embedded = await startCloud({ port: 0 })
  const auth = { authUrl: embedded.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  const cloud = await connect({ auth })
  const data = fromUrl(`${server.url}/u.img.gz`)
  for (const checksum of [`sha256:${sha256(body)}`, `${server.url}/SHA256SUMS`]) {
    expect(await cloud.images.create({ name: 'u', diskFormat: 'raw', data, sourceChecksum: checksum })).toMatchObject({
      size: disk.byteLength,
      decompressed: 'gzip',
      sourceChecksum: { verdict: 'verified' },
    })
  }
  await expect(
    cloud.images.create({ name: 'u', diskFormat: 'raw', data, sourceChecksum: `sha256:${sha256(disk)}` }),
  ).rejects.toMatchObject({ name: 'ChecksumMismatch' })
  expect(await inspectSource(fromUrl(`${server.url}/u.img.gz`))).toMatchObject({ format: 'gzip' })
  await cloud.close()
})

test('where fetch undoes an encoding, the size is not known, and no part is taken for one of the file', async () => {
  const body = gzipSync(disk)
  await using server = await scriptedServer(host(body, { 'content-encoding': 'gzip' }))
  const source = fromUrlByFetch(`${server.url}/u.img.gz`)
  expect((await read(source)).equals(disk)).toBe(true)
  expect(source).toMatchObject({ size: undefined, undone: 'gzip' })
  const part = async () => {
    for await (const chunk of source.open({ start: 10 })) expect(chunk).toBeDefined()
  }
  await expect(part()).rejects.toThrow(/cannot be read from the middle/)
  await expect(inspectSource(fromUrlByFetch(`${server.url}/u.img.gz`))).resolves.toMatchObject({ format: 'raw' })
})
