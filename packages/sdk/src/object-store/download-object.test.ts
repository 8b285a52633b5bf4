import { createHash } from 'node:crypto'
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Fault, FaultPlan } from '@tyrax/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CloudOptions } from '../config/connect-options.js'
import type { Progress } from '../transfer/progress.js'
import { drained, md5, objectCloud, someBytes } from '../testing/object-cloud.js'
import type { ObjectFileDownloadOptions } from './download-object.js'

const size = 2_000_000
const middle = 1_000_000
const data = someBytes(size)
const segmentSizeBytes = 600_000

let folder: string
let to: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-object-'))
  to = join(folder, 'o.raw')
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** A cloud with the object `o`, whose bytes arrive as the plan specifies. */
async function scene(plan: FaultPlan = [], put: { segmentSizeBytes?: number } = {}, options: CloudOptions = {}) {
  const under = await objectCloud(plan, options)
  const { cloud, container } = under
  await cloud.objects.put(container, 'o', data, put)
  return {
    ...under,
    download: (more: Partial<ObjectFileDownloadOptions> = {}) =>
      cloud.objects.download(container, 'o', { to, ...more }),
    files: async () => (await readdir(folder)).toSorted(),
    isWhole: async () => (await readFile(to)).equals(data),
    /** The ranges that were requested of the object's bytes, `whole` for a request without one. */
    ranges: () =>
      under.requests
        .filter(({ method, path }) => method === 'GET' && path.endsWith('/o'))
        .map(({ headers }) => headers['range']?.replace('bytes=', '') ?? 'whole'),
    [Symbol.asyncDispose]: () => under[Symbol.asyncDispose](),
  }
}

const bytes = { method: 'GET', path: '/o$' } as const
const first = (fault: Fault): FaultPlan => [{ match: { ...bytes, nth: 1 }, fault }]
const cut: Fault = { type: 'close', afterResponseBytes: middle }
const corrupt: Fault = { type: 'corrupt', atResponseByte: 1_234_567 }
const unfinished = ['o.raw.part', 'o.raw.part.json']
const sha256 = (of: Uint8Array) => `sha256:${createHash('sha256').update(of).digest('hex')}`

const kinds = [
  ['plain', {}],
  ['static large', { segmentSizeBytes }],
] as const

test.each(kinds)('a %s object becomes a file, verified', async (_kind, put) => {
  await using at = await scene([], put)
  const seen: Progress[] = []
  const saved = await at.download({ onProgress: (progress) => seen.push(progress) })
  expect(saved).toMatchObject({ path: to, bytes: size, resumedBytes: 0, verdict: 'verified' })
  expect(saved.object).toMatchObject({ name: 'o', container: at.container, bytes: size })
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['o.raw'])
  expect(seen.at(-1)).toMatchObject({ phase: 'download', bytes: size, total: size })
})

test.each(kinds)('of a %s object, what breaks off is resumed after the last byte', async (_kind, put) => {
  await using at = await scene(first(cut), put)
  expect(await at.download()).toMatchObject({ resumedBytes: 0, verdict: 'verified' })
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`])
  expect(await at.isWhole()).toBe(true)
})

test.each(kinds)('of a %s object, a failed download leaves its bytes to the next one', async (_kind, put) => {
  await using at = await scene(first(cut), put)
  await expect(at.download({ retries: 0 })).rejects.toMatchObject({
    name: 'ConnectionError',
    hint: expect.stringMatching(/o\.raw\.part keeps 1000000 of 2000000 bytes/) as string,
  })
  expect(await at.files()).toEqual(unfinished)
  expect(await at.download()).toMatchObject({ resumedBytes: middle, verdict: 'verified' })
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`])
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['o.raw'])
})

test('bytes that were left and have changed since are found, and all of them fetched again', async () => {
  await using at = await scene(first(cut), { segmentSizeBytes })
  await expect(at.download({ retries: 0 })).rejects.toMatchObject({ name: 'ConnectionError' })
  const part = await open(`${to}.part`, 'r+')
  await part.write(Buffer.from([(data[1234] ?? 0) ^ 1]), 0, 1, 1234)
  await part.close()
  expect(await at.download()).toMatchObject({ resumedBytes: 0, verdict: 'verified' })
  expect(at.ranges()).toEqual(['whole', 'whole'])
  expect(await at.isWhole()).toBe(true)
})

test('what was left of an object that has been replaced since is not resumed', async () => {
  await using at = await scene(first(cut))
  await expect(at.download({ retries: 0 })).rejects.toMatchObject({ name: 'ConnectionError' })
  const other = someBytes(size)
  await at.cloud.objects.put(at.container, 'o', other)
  expect(await at.download()).toMatchObject({ resumedBytes: 0, verdict: 'verified' })
  expect((await readFile(to)).equals(other)).toBe(true)
})

test('with resume off, or what failed not kept, nothing is left', async () => {
  await using at = await scene([{ match: bytes, fault: cut }], {}, { retry: { retries: 0 } })
  await expect(at.download({ resume: false })).rejects.toMatchObject({ name: 'ConnectionError' })
  await expect(at.download({ keepOnFailure: false })).rejects.toMatchObject({ name: 'ConnectionError' })
  expect(await at.files()).toEqual([])
  await expect(at.download({ resume: false, keepOnFailure: true })).rejects.toThrow(/nothing is kept/)
  await expect(at.download({ retries: -1 })).rejects.toMatchObject({ name: 'UsageError' })
})

test.each(kinds)('a %s object that came damaged is fetched once more', async (_kind, put) => {
  await using at = await scene(first(corrupt), put)
  const damaged: string[] = []
  const saved = await at.download({ onDamaged: (error) => damaged.push(error.message) })
  expect(saved).toMatchObject({ verdict: 'verified' })
  expect(damaged).toEqual([expect.stringMatching(/^what was received is not imgs é\/o: the MD5 of bytes/)])
  expect(at.ranges()).toEqual(['whole', 'whole'])
  expect(await at.isWhole()).toBe(true)
})

test('one that came damaged twice is an error that names the segment, and no file, nor a stream that ends well', async () => {
  await using at = await scene([{ match: bytes, fault: corrupt }], { segmentSizeBytes })
  const wrong = { name: 'IntegrityError', what: 'md5', message: /MD5 of bytes 1200000 to 1799999/ }
  await expect(at.download()).rejects.toMatchObject({
    ...wrong,
    message: expect.stringMatching(wrong.message) as string,
  })
  expect(await at.files()).toEqual([])
  const { stream } = await at.cloud.objects.download(at.container, 'o')
  await expect(drained(stream)).rejects.toMatchObject({ name: 'IntegrityError', what: 'md5' })
})

test('a file that is there is left alone, before anything is fetched, unless it may be replaced', async () => {
  await using at = await scene()
  await writeFile(to, 'mine')
  await expect(at.download()).rejects.toMatchObject({ name: 'TargetError', message: `${to} already exists` })
  expect(at.ranges()).toEqual([])
  expect(await readFile(to, 'utf8')).toBe('mine')
  await at.download({ overwrite: true })
  expect(await at.isWhole()).toBe(true)
})

test('what the server has no hash of is unverifiable, or refused before its first byte', async () => {
  await using at = await scene()
  await at.cloud.objects.put(at.container, 'parts/1', data.subarray(0, middle))
  await at.cloud.objects.put(at.container, 'parts/2', data.subarray(middle))
  const headers = {
    'x-auth-token': (await at.cloud.token()) ?? '',
    'x-object-manifest': `${encodeURIComponent(at.container)}/parts/`,
  }
  const address = `${at.url}/${encodeURIComponent(at.container)}/o`
  expect((await fetch(address, { method: 'PUT', headers, body: '' })).status).toBe(201)
  await expect(at.download({ requireVerified: true })).rejects.toMatchObject({ name: 'IntegrityError', what: 'hash' })
  expect(at.ranges()).toEqual([])
  expect(await at.download({ checksum: sha256(data) })).toMatchObject({
    verdict: 'unverifiable',
    sourceChecksum: { algorithm: 'sha256', verdict: 'verified' },
  })
  expect(await at.isWhole()).toBe(true)

  await rm(to)
  const segments = [{ path: `${at.container}/parts/1`, range: '0-999' }, { path: `${at.container}/parts/2` }]
  const manifest = { method: 'PUT', headers, body: JSON.stringify(segments) }
  delete (manifest.headers as Partial<typeof headers>)['x-object-manifest']
  expect((await fetch(`${address}?multipart-manifest=put`, manifest)).status).toBe(201)
  expect(await at.download({ requireVerified: false })).toMatchObject({ verdict: 'unverifiable', bytes: 1_001_000 })
})

test('a published checksum is compared as well, in files and in streams', async () => {
  await using at = await scene()
  expect(await at.download({ checksum: sha256(data) })).toMatchObject({
    verdict: 'verified',
    sourceChecksum: { algorithm: 'sha256', verdict: 'verified' },
  })
  const other = { checksum: sha256(Buffer.from('other')) }
  const before = at.ranges().length
  await expect(at.download({ ...other, overwrite: true })).rejects.toMatchObject({ name: 'ChecksumMismatch' })
  // The server's hash was right: fetching again would bring the same bytes.
  expect(at.ranges()).toHaveLength(before + 1)
  expect(await at.files()).toEqual(['o.raw'])
  const right = await at.cloud.objects.download(at.container, 'o', { checksum: sha256(data), requireVerified: true })
  expect((await drained(right.stream)).equals(data)).toBe(true)
  expect(right.object).toMatchObject({ etag: md5(data) })
  const wrong = await at.cloud.objects.download(at.container, 'o', other)
  await expect(drained(wrong.stream)).rejects.toMatchObject({ name: 'ChecksumMismatch' })
})

test('an object with a Content-Encoding is its stored bytes, and an empty one an empty file', async () => {
  await using at = await scene()
  const stored = gzipSync(data)
  await at.cloud.objects.put(at.container, 'o', stored, { contentEncoding: 'gzip' })
  expect(await at.download()).toMatchObject({ bytes: stored.byteLength, verdict: 'verified' })
  expect((await readFile(to)).equals(stored)).toBe(true)
  await at.cloud.objects.put(at.container, 'o', new Uint8Array())
  expect(await at.download({ overwrite: true })).toMatchObject({ bytes: 0, verdict: 'verified' })
  expect(await readFile(to)).toHaveLength(0)
})

test('a download that the caller stops leaves what can be resumed', async () => {
  const slow: Fault = { type: 'trickle', bytesPerSecond: 500_000, direction: 'response' }
  await using at = await scene(first(slow))
  const control = new AbortController()
  const onProgress = ({ bytes: come }: Progress) => come > 0 && control.abort()
  await expect(at.download({ signal: control.signal, onProgress })).rejects.toMatchObject({
    name: 'AbortError',
    hint: expect.stringMatching(/o\.raw\.part keeps \d+ of 2000000 bytes/) as string,
  })
  expect(await at.files()).toEqual(unfinished)
  const saved = await at.download()
  expect(saved.resumedBytes).toBeGreaterThan(0)
  expect(await at.isWhole()).toBe(true)
})

test('a download ends at its deadline', async () => {
  await using at = await scene([{ match: bytes, fault: { type: 'stall', afterResponseBytes: middle } }])
  const late = { name: 'TimeoutError', limit: 'deadline' }
  await expect(at.download({ deadlineMs: 300 })).rejects.toMatchObject(late)
  await expect(at.download({ deadlineMs: 0 })).rejects.toMatchObject({ name: 'UsageError' })
})

test('a response that is another range of the object is not used', async () => {
  const range = { ...bytes, headers: { range: '^bytes=' } }
  const other: Fault = { type: 'headers', headers: { 'content-range': `bytes 0-${size - 1}/${size}` } }
  await using at = await scene([...first(cut), { match: range, fault: other }])
  await expect(at.download()).rejects.toMatchObject({ name: 'SourceError' })
  expect(await at.files()).toEqual(unfinished)
})
