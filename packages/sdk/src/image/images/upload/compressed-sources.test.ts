import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../../cloud/cloud.js'
import { connect, fromFile, fromStream, fromUrl, type Problem } from '../../../node/index.js'
import { compressedPath, readCompressed, readDisk } from '../../../testing/compressed-fixtures.js'

let server: Awaited<ReturnType<typeof startCloud>>
let cloud: Cloud
let disk: Buffer

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  cloud = await connect({
    auth: { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' },
  })
  disk = await readDisk()
})
afterAll(async () => {
  await cloud?.close()
  await server?.close()
})

const sha = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex')
const compressions = { gz: 'gzip', xz: 'xz', zst: 'zstd', bz2: 'bzip2' } as const
const endings = Object.keys(compressions) as (keyof typeof compressions)[]

async function serve(files: Readonly<Record<string, string | Uint8Array>>) {
  const listener = createServer((request, response) => {
    const content = files[request.url?.split('?')[0] ?? '']
    response.writeHead(content === undefined ? 404 : 200).end(content)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      listener.closeAllConnections()
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}

async function refused(params: object): Promise<Error & { hint?: string }> {
  const error = await cloud.images.create({ name: 'refused', ...params }).then(
    () => undefined,
    (reason: unknown) => reason as Error,
  )
  expect(await cloud.images.listAll({ name: 'refused' })).toEqual([])
  expect(error).toBeInstanceOf(Error)
  return error ?? new Error('nothing was refused')
}

test.each(endings)('a .%s source is decompressed on its way, and both its checksums are compared', async (ending) => {
  const bytes = await readCompressed(`disk.${ending}`)
  const sources = [
    fromFile(compressedPath(`disk.${ending}`)),
    fromStream(new Blob([bytes]).stream()),
    new Blob([bytes]),
    bytes,
  ]
  for (const data of sources) {
    const image = await cloud.images.create({
      name: 'unpacked',
      diskFormat: 'auto',
      data,
      sourceChecksum: `sha256:${sha('sha256', bytes)}`,
    })
    expect(image).toMatchObject({
      diskFormat: 'raw',
      size: disk.byteLength,
      osHashValue: sha('sha512', disk),
      verdict: 'verified',
      decompressed: compressions[ending],
      sourceChecksum: { algorithm: 'sha256', value: sha('sha256', bytes), verdict: 'verified' },
    })
  }
})

test('compression is found by the first bytes, whatever the address and its headers say, and a list by its address', async () => {
  const bytes = await readCompressed('disk.xz')
  const list = `${sha('sha512', Buffer.from('another'))}  other.img\n${sha('sha512', bytes)} *disk.img\n`
  await using web = await serve({ '/images/disk.img': bytes, '/images/SHA512SUMS': list })
  const data = fromUrl(`${web.url}/images/disk.img?mirror=1`)
  const image = await cloud.images.create({
    name: 'from the web',
    diskFormat: 'raw',
    data,
    sourceChecksum: `${web.url}/images/SHA512SUMS`,
  })
  expect(image).toMatchObject({ osHashValue: sha('sha512', disk), decompressed: 'xz' })
  expect(image.sourceChecksum).toMatchObject({ algorithm: 'sha512', verdict: 'verified' })
})

test('an object in object storage is decompressed too', async () => {
  await cloud.objects.createContainer('packed')
  await cloud.objects.put('packed', 'disk.zst', await readCompressed('disk.zst'))
  const image = await cloud.images.create({
    name: 'packed',
    diskFormat: 'raw',
    container: 'packed',
    obj: 'disk.zst',
  })
  expect(image).toMatchObject({ osHashValue: sha('sha512', disk), decompressed: 'zstd' })
})

test('upload decompresses and compares as create does', async () => {
  const bytes = await readCompressed('disk.bz2')
  const record = await cloud.images.create({ name: 'later', diskFormat: 'raw' })
  const wrong = cloud.images.upload(record, bytes, { sourceChecksum: `md5:${'0'.repeat(32)}` })
  await expect(wrong).rejects.toMatchObject({ name: 'ChecksumMismatch' })
  expect(await cloud.images.get(record)).toMatchObject({ status: 'queued' })
  expect(await cloud.images.upload(record, bytes, { sourceChecksum: `md5:${sha('md5', bytes)}` })).toMatchObject({
    verdict: 'verified',
    decompressed: 'bzip2',
    sourceChecksum: { algorithm: 'md5', verdict: 'verified' },
    osHashValue: sha('sha512', disk),
  })
})

test('a checksum is compared for data that is not compressed too', async () => {
  const sourceChecksum = `SHA1:${sha('sha1', disk).toUpperCase()}`
  const image = await cloud.images.create({ name: 'plain', diskFormat: 'raw', data: disk, sourceChecksum })
  expect(image).toMatchObject({ verdict: 'verified', sourceChecksum: { algorithm: 'sha1', verdict: 'verified' } })
  expect(image.decompressed).toBeUndefined()
})

test('data that is not what its checksum says leaves nothing, however large it is', async () => {
  const large = Buffer.concat(Array.from({ length: 10 }, () => disk))
  for (const data of [disk, large, gzipSync(large), fromStream(new Blob([large]).stream())]) {
    const error = await refused({ diskFormat: 'raw', data, sourceChecksum: `sha256:${'0'.repeat(64)}` })
    expect(error).toMatchObject({ name: 'ChecksumMismatch', algorithm: 'sha256', expected: '0'.repeat(64) })
  }
})

test.each(endings)('a .%s source that ends early or is damaged leaves nothing', async (ending) => {
  const bytes = await readCompressed(`disk.${ending}`)
  const damaged = Buffer.from(bytes)
  damaged.writeUInt8(damaged.readUInt8(bytes.byteLength - 6) ^ 0x10, bytes.byteLength - 6)
  for (const data of [bytes.subarray(0, -3), damaged]) {
    expect(await refused({ diskFormat: 'raw', data })).toMatchObject({ name: 'SourceError' })
    expect(await refused({ diskFormat: 'raw', data: fromStream(new Blob([data]).stream()) })).toMatchObject({
      name: 'SourceError',
    })
  }
})

test('compression stays where it is asked for, or belongs', async () => {
  const bytes = await readCompressed('disk.gz')
  for (const fields of [
    { diskFormat: 'ari', containerFormat: 'ari' },
    { diskFormat: 'ari' },
    { diskFormat: 'qcow2', containerFormat: 'compressed' },
    { diskFormat: 'raw', decompress: false as const, force: true },
  ]) {
    const image = await cloud.images.create({ name: 'as it is', data: bytes, ...fields })
    expect(image).toMatchObject({ osHashValue: sha('sha512', bytes), verdict: 'verified' })
    expect(image.decompressed).toBeUndefined()
  }
})

test.each<[string, object, string, RegExp]>([
  ['a gzip that is to stay and has no disk format', { decompress: false }, 'UsageError', /decompress it first/],
  ['a zip', { data: Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(600)]) }, 'UsageError', /unzip it/],
  ['a tar in a gzip', { data: gzipSync(tar()) }, 'UsageError', /untar it/],
  ['a gzip in a gzip', { data: gzipSync(gzipSync(tar())) }, 'UsageError', /decompress it/],
  ['a tar that is declared raw', { data: tar(), diskFormat: 'raw' }, 'DiskFormatMismatch', /untar it/],
  ['an answer to a question that was not asked', { decompress: 'yes' }, 'UsageError', /^$/],
  ['half a checksum', { sourceChecksum: 'sha256:abc' }, 'UsageError', /64 hexadecimal/],
  ['a checksum without its name', { sourceChecksum: 'a'.repeat(40) }, 'UsageError', /write sha1:aaaa/],
])('%s is refused before anything is made', async (_what, params, name, hint) => {
  const error = await refused({ diskFormat: 'auto', data: await readCompressed('disk.gz'), ...params })
  expect(error).toMatchObject({ name })
  expect(error.hint ?? '').toMatch(hint)
})

test('a checksum without data is refused', async () => {
  expect(await refused({ sourceChecksum: `md5:${'0'.repeat(32)}` })).toMatchObject({ name: 'UsageError' })
})

test('checksum still works for sourceChecksum, and two that differ are refused', async () => {
  const checksum = `sha256:${sha('sha256', disk)}`
  const fields = { name: 'older', diskFormat: 'raw', data: disk } as const
  const verified = { sourceChecksum: { algorithm: 'sha256', verdict: 'verified' } }
  expect(await cloud.images.create({ ...fields, checksum })).toMatchObject(verified)
  expect(await cloud.images.create({ ...fields, checksum, sourceChecksum: checksum })).toMatchObject(verified)
  const record = await cloud.images.create({ name: 'record', diskFormat: 'raw' })
  const two = { checksum, sourceChecksum: `md5:${sha('md5', disk)}` }
  await expect(cloud.images.upload(record, disk, two)).rejects.toMatchObject({ name: 'UsageError' })
  expect(await refused({ data: disk, ...two })).toMatchObject({
    name: 'UsageError',
    message: expect.stringMatching(/differ/) as string,
  })
  expect(await refused({ checksum })).toMatchObject({ name: 'UsageError' })
})

/** The beginning of an archive, as much as is needed to recognise it. */
function tar(): Buffer {
  const header = Buffer.alloc(1024)
  header.write('disk.vmdk')
  header.write('0000644\u00000000000\u00000000000\u000000000000000\u000000000000000\u0000', 100)
  header.write('ustar\u000000', 257)
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0) + 8 * 32
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148)
  return header
}

test('what follows bzip2 data is passed over with a warning, and counts for the published checksum', async () => {
  const bytes = Buffer.concat([await readCompressed('disk.bz2'), Buffer.from('and more')])
  const told: Problem[] = []
  const image = await cloud.images.create({
    name: 'n',
    diskFormat: 'raw',
    data: bytes,
    sourceChecksum: `sha256:${sha('sha256', bytes)}`,
    onWarning: (problem) => void told.push(problem),
  })
  expect(image).toMatchObject({
    osHashValue: sha('sha512', disk),
    sourceChecksum: { verdict: 'verified' },
    warnings: [{ code: 'trailing-bytes', message: expect.stringContaining('is followed by 8 bytes') }],
  })
  expect(told).toEqual(image.warnings)
  const sound = await cloud.images.create({ name: 'n', diskFormat: 'raw', data: bytes.subarray(0, -8) })
  expect(sound.warnings).toBeUndefined()
})
