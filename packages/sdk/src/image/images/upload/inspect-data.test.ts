import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync, gzipSync } from 'node:zlib'
import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Cloud,
  connect,
  fromStream,
  fromUrl,
  inspectSource,
  type Problem,
  type SourceLike,
} from '../../../node/index.js'

const fixture = async (name: string) =>
  Buffer.from(new Uint8Array(await readFile(new URL(`../../../../../testkit/fixtures/${name}`, import.meta.url))))

let server: Awaited<ReturnType<typeof startCloud>>
let cloud: Cloud
let truncated: Buffer<ArrayBuffer>
let large: Buffer<ArrayBuffer>
const page = Buffer.from('<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>\n')

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  cloud = await connect({
    auth: { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' },
  })
  truncated = (await fixture('tiny.qcow2')).subarray(0, 400_000)
  // Longer than what is inspected of a stream before it is sent: a VHDX whose last block is missing.
  large = (await fixture('tiny.vhdx')).subarray(0, 5_000_000)
  await cloud.objects.createContainer('imgs')
})
afterAll(async () => {
  await cloud.close()
  await server.close()
})

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as { name: string; message: string; hint: string; problems: readonly Problem[] },
  )

/** All kinds of sources that the bytes may come from. */
async function sources(
  bytes: Buffer<ArrayBuffer>,
  serve: (path: string) => string,
): Promise<Record<string, () => SourceLike>> {
  const object = await cloud.objects.put('imgs', 'o', bytes)
  return {
    bytes: () => bytes,
    'a Blob': () => new Blob([bytes]),
    'a stream': () => fromStream(new Blob([bytes]).stream()),
    'a stream of a known size': () => fromStream(new Blob([bytes]).stream(), { size: bytes.length }),
    'a stored object': () => object,
    'an address': () => fromUrl(serve('/ranges')),
    'an address without ranges': () => fromUrl(serve('/whole')),
    'a gzip': () => gzipSync(bytes),
    'a stream of a gzip': () => fromStream(new Blob([gzipSync(bytes)]).stream()),
  }
}

async function withServer<T>(
  bytes: Buffer<ArrayBuffer>,
  use: (serve: (path: string) => string) => Promise<T>,
): Promise<T> {
  const http = createServer(({ url, headers }, outgoing) => {
    const match = url === '/ranges' ? /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') : null
    if (!match) return outgoing.writeHead(200, { 'content-length': bytes.length, etag: '"1"' }).end(bytes)
    const end = match[2] ? Number(match[2]) : bytes.length - 1
    const range = `bytes ${match[1]}-${end}/${bytes.length}`
    return outgoing
      .writeHead(206, { 'content-range': range, etag: '"1"' })
      .end(bytes.subarray(Number(match[1]), end + 1))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  try {
    return await use((path) => `http://127.0.0.1:${(http.address() as AddressInfo).port}${path}`)
  } finally {
    http.closeAllConnections()
    http.close()
  }
}

test.each<[string, () => Buffer<ArrayBuffer>, string, boolean]>([
  ['an error page', () => page, 'text', true],
  ['a qcow2 that was cut short', () => truncated, 'incomplete', true],
  ['a large VHDX that was cut short', () => large, 'incomplete', false],
])('%s is refused wherever it comes from, and nothing stays', async (_what, bytes, code, isSmall) => {
  await withServer(bytes(), async (serve) => {
    for (const [from, source] of Object.entries(await sources(bytes(), serve))) {
      const before = (await cloud.images.listAll()).length
      const error = await failure(cloud.images.create({ name: 'n', diskFormat: 'auto', data: source() }))
      expect([from, error?.name, error?.problems?.[0]?.code]).toEqual([from, 'DiskImageRefused', code])
      expect(error?.hint).toContain('force')
      expect(await cloud.images.listAll()).toHaveLength(before)
      const { id } = await cloud.images.create({ name: 'later', diskFormat: null })
      const again = await failure(cloud.images.upload(id, source()))
      expect([from, again?.message]).toEqual([from, error?.message])
      expect((await cloud.images.get(id)).status).not.toBe('active')
      const { problems } = await inspectSource(source())
      // Inspection alone cannot see where a long stream ends, or what follows its beginning.
      const isSeen = isSmall || !/stream|gzip|without/.test(from)
      expect([from, problems[0]?.code]).toEqual([from, isSeen ? code : 'partly-seen'])
      expect([from, !isSeen || error?.message.endsWith(problems[0]?.message ?? '-')]).toEqual([from, true])
    }
  })
})

test('what was refused can be forced, and is a warning then', async () => {
  for (const data of [page, truncated, gzipSync(truncated), fromStream(new Blob([large]).stream())]) {
    const said: Problem[] = []
    const onWarning = (problem: Problem) => said.push(problem)
    const image = await cloud.images.create({ name: 'n', diskFormat: 'auto', data, force: true, onWarning })
    expect(image).toMatchObject({ status: 'active', verdict: 'verified' })
    expect(image.warnings ?? []).toEqual(said)
  }
})

test('a doubt is told before anything is made, and is in the result', async () => {
  const before = (await cloud.images.listAll()).length
  let listed: Promise<number> | undefined
  const image = await cloud.images.create({
    name: 'n',
    diskFormat: 'raw',
    data: Buffer.alloc(1000),
    onWarning: () => {
      listed ??= cloud.images.listAll().then((all) => all.length)
    },
  })
  expect(image.warnings?.map(({ code }) => code)).toEqual(['no-boot-record', 'odd-size'])
  expect(await listed).toBe(before)
  const sound = await cloud.images.create({ name: 'n', diskFormat: 'auto', data: await fixture('tiny.qcow2') })
  expect(sound.warnings).toBeUndefined()
})

test('a fixed VHD and a UDF disc are refused as what Glance does not know them for, and taken as raw', async () => {
  const udf = Buffer.alloc(100_352)
  udf.write('BEA01', 32_769)
  udf.write('NSR03', 34_817)
  for (const [declared, data] of [
    ['vhd', await fixture('tiny-fixed.vhd')],
    ['iso', udf],
  ] as const) {
    const name = `a ${declared}`
    expect(await failure(cloud.images.create({ name, diskFormat: declared, data }))).toMatchObject({
      name: 'DiskFormatMismatch',
      declared,
      detected: declared,
      hint: expect.stringContaining('declare it as raw'),
    })
    for (const diskFormat of ['raw', 'auto']) {
      const image = await cloud.images.create({ name, diskFormat, data })
      expect(image).toMatchObject({ diskFormat: 'raw', status: 'active', verdict: 'verified' })
      expect(image.warnings?.[0]?.message).toBeDefined()
    }
  }
})

test('a sound image of every format is taken from a stream of unknown length', async () => {
  for (const name of [
    'tiny.qcow2',
    'tiny-sparse.vmdk',
    'tiny-stream.vmdk',
    'tiny-dynamic.vhd',
    'tiny.vhdx',
    'tiny.vdi',
    'tiny.iso',
  ]) {
    const bytes = await fixture(name)
    for (const data of [fromStream(new Blob([bytes]).stream()), gzipSync(bytes)]) {
      const image = await cloud.images.create({ name, diskFormat: 'auto', data })
      expect([name, image.diskFormat, image.verdict]).toEqual([name, name.split('.').at(-1), 'verified'])
    }
  }
})

test('what is inside a compressed source is what inspection tells of', async () => {
  const bytes = gzipSync(gunzipSync(gzipSync(await fixture('tiny.qcow2'))))
  const found = await inspectSource(bytes)
  expect(found).toMatchObject({ format: 'gzip', declareAs: 'qcow2', problems: [], content: { format: 'qcow2' } })
  expect(await inspectSource(bytes, { diskFormat: 'raw' })).toMatchObject({ problems: [{ code: 'format-mismatch' }] })
})
