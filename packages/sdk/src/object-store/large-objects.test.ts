import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromStream } from '../node/index.js'
import { drained, md5, type ObjectCloud, objectCloud, pieces, someBytes, trickle } from '../testing/object-cloud.js'

let at: ObjectCloud
beforeAll(async () => {
  at = await objectCloud()
})
afterAll(() => at?.[Symbol.asyncDispose]())

const data = someBytes(500_001)
const options = { segmentSizeBytes: 100_000 }
const segments = () => at.segmentNames()
const { stringify } = JSON
let count = 0
const newName = () => `o ${(count += 1)}/ü`

async function request(method: string, path: string, given: { headers?: Record<string, string>; body?: string } = {}) {
  const token = (await at.cloud.token()) ?? ''
  const url = `${at.url}/${path.split('/').map(encodeURIComponent).join('/')}`
  const [address = '', query] = url.split(encodeURIComponent('?'))
  const answer = await fetch(query ? `${address}?${decodeURIComponent(query)}` : url, {
    method,
    body: given.body ?? null,
    headers: { 'x-auth-token': token, ...given.headers },
  })
  expect(answer.ok).toBe(true)
}

/** A dynamic large object of three segments, such as an old client would have made. */
async function dynamic(name: string): Promise<string> {
  const prefix = `${name}/parts/`
  for (const [index, piece] of pieces(data, 200_000).entries()) {
    await at.cloud.objects.put('parts', `${prefix}${index}`, piece)
  }
  const manifest = encodeURIComponent(`parts/${prefix}`).replaceAll('%2F', '/')
  await request('PUT', `${at.container}/${name}`, { headers: { 'x-object-manifest': manifest }, body: '' })
  return prefix
}
beforeAll(() => at.cloud.objects.createContainer('parts'))

test('a static large object is read whole, by ranges over its segments, and as a source', async () => {
  const name = newName()
  await at.cloud.objects.put(at.container, name, data, options)
  const object = await at.cloud.objects.get(at.container, name)
  expect(object).toMatchObject({ large: 'static', bytes: data.byteLength })
  for (const [start, end] of [
    [0, 0],
    [99_999, 100_000],
    [50_000, 350_000],
    [400_000, 500_000],
    [500_000, 999_999],
  ] as const) {
    const part = await drained(object.stream({ range: { start, end } }))
    expect(part.equals(data.subarray(start, end + 1))).toBe(true)
    expect((await drained(object.open({ start, end: end + 1 }))).equals(part)).toBe(true)
  }
  expect((await drained(object.open({ start: 250_000 }))).equals(data.subarray(250_000))).toBe(true)
  expect(Buffer.from(await object.peek(150_000)).equals(data.subarray(0, 150_000))).toBe(true)
})

test('a dynamic large object is read the same way, and says what it is', async () => {
  const name = newName()
  const prefix = await dynamic(name)
  const object = await at.cloud.objects.get(at.container, name)
  expect(object).toMatchObject({
    large: 'dynamic',
    bytes: data.byteLength,
    etag: md5(pieces(data, 200_000).map(md5).join('')),
  })
  expect((await drained(object.stream())).equals(data)).toBe(true)
  expect(
    (await drained(object.stream({ range: { start: 199_999, end: 400_000 } }))).equals(data.subarray(199_999, 400_001)),
  ).toBe(true)
  expect(await at.cloud.objects.segments(at.container, name)).toMatchObject([
    { container: 'parts', name: `${prefix}0`, bytes: 200_000, etag: md5(data.subarray(0, 200_000)) },
    { name: `${prefix}1`, bytes: 200_000 },
    { name: `${prefix}2`, bytes: 100_001 },
  ])
})

test('a plain object has no segments', async () => {
  const name = newName()
  const object = await at.cloud.objects.put(at.container, name, data)
  expect([object.large, (await at.cloud.objects.stat(at.container, name)).large]).toEqual([undefined, undefined])
  expect(await at.cloud.objects.segments(at.container, name)).toEqual([])
})

test('a segment that is replaced or deleted makes the object an error, before and while it is read', async () => {
  await using slow = await objectCloud(
    [{ match: { method: 'GET', path: '/o$', nth: 1 }, fault: { type: 'stall', afterResponseBytes: 70_000 } }],
    { timeouts: { idleTimeoutMs: 2000 } },
  )
  const { objects, images } = slow.cloud
  await objects.put(slow.container, 'o', data, options)
  const [first] = await objects.segments(slow.container, 'o')
  const segment = { container: first?.container ?? '', name: first?.name ?? '' }
  const object = await objects.get(slow.container, 'o')
  const gone = { name: 'SourceError', message: expect.stringContaining('a segment of it') as string }
  const reader = object.stream().getReader()
  await reader.read()
  await objects.put(segment.container, segment.name, someBytes(100_000))
  await expect(untilEnd(reader)).rejects.toMatchObject(gone)
  await expect(drained(object.stream())).rejects.toMatchObject(gone)
  await objects.delete(segment.container, segment.name)
  await expect(drained(object.stream())).rejects.toMatchObject(gone)
  expect((await drained(object.stream({ range: { start: 100_000 } }))).equals(data.subarray(100_000))).toBe(true)
  await expect(images.create({ name: 'mixed', diskFormat: 'raw', obj: object })).rejects.toMatchObject(gone)
  expect(await images.listAll({ name: 'mixed' })).toEqual([])
})

async function untilEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}

test('deleting a static large object takes its segments, unless they are to be kept', async () => {
  const name = newName()
  const own = async () => (await segments()).filter((each) => each.startsWith(`${name}/`))
  await at.cloud.objects.put(at.container, name, data, options)
  await at.cloud.objects.delete(at.container, name, { keepSegments: true })
  expect(await own()).toHaveLength(6)
  expect(await at.cloud.objects.put(at.container, name, data, options)).toMatchObject({ resumedSegments: 6 })
  await at.cloud.objects.delete(at.container, name)
  expect(await own()).toEqual([])
  for (const keepSegments of [undefined, true, false]) {
    await expect(at.cloud.objects.delete(at.container, name, { keepSegments })).rejects.toMatchObject({ status: 404 })
  }
})

test('deleting a dynamic large object leaves what it was made of, unless that is to go', async () => {
  const name = newName()
  const prefix = await dynamic(name)
  const left = async () => (await at.cloud.objects.list('parts', { prefix }).toArray()).length
  await at.cloud.objects.delete(at.container, name)
  expect(await left()).toBe(3)
  await dynamic(name)
  await at.cloud.objects.delete(at.container, name, { keepSegments: false })
  expect(await left()).toBe(0)
})

test('segments that cannot be deleted are an error, though the answer is 200', async () => {
  const body = stringify({
    'Response Status': '400 Bad Request',
    'Response Body': '',
    Errors: [['/s/1', '403 Forbidden']],
  })
  await using broken = await objectCloud([
    { match: { method: 'DELETE', path: 'multipart-manifest=delete' }, fault: { type: 'status', status: 200, body } },
  ])
  await broken.cloud.objects.put(broken.container, 'o', data, options)
  await expect(broken.cloud.objects.delete(broken.container, 'o')).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('/s/1: 403 Forbidden') as string,
  })
})

test('a copy of a static large object is one too, and does without its original', async () => {
  const [from, to] = [newName(), newName()]
  await at.cloud.objects.put(at.container, from, data, {
    ...options,
    contentType: 'text/x-disk',
    metadata: { os: 'ü' },
  })
  await at.cloud.objects.createContainer('copies')
  const copy = await at.cloud.objects.copy({ container: at.container, name: from }, { container: 'copies', name: to })
  const original = await at.cloud.objects.get(at.container, from)
  expect(copy).toMatchObject({
    large: 'static',
    etag: original.etag,
    contentType: 'text/x-disk',
    metadata: { os: 'ü' },
  })
  await at.cloud.objects.delete(at.container, from)
  expect((await drained(copy.stream())).equals(data)).toBe(true)
  await at.cloud.objects.delete('copies', to)
  expect((await at.names('copies_segments'))?.filter((each) => each.startsWith(to))).toEqual([])
})

test('a copy of a dynamic large object has its own bytes', async () => {
  const [from, to] = [newName(), newName()]
  await dynamic(from)
  const copy = await at.cloud.objects.copy(
    { container: at.container, name: from },
    { container: at.container, name: to },
  )
  expect(copy).toMatchObject({ large: undefined, etag: md5(data) })
})

test('a large object with parts of objects and bytes in its manifest is listed, and copied as it is', async () => {
  const name = newName()
  await at.cloud.objects.put('parts', 'whole', data)
  const body = stringify([
    { path: '/parts/whole', range: '10-19' },
    { data: Buffer.from('abcd').toString('base64') },
    { path: '/parts/whole', range: '0-9' },
  ])
  await request('PUT', `${at.container}/${name}?multipart-manifest=put`, { body })
  expect(await at.cloud.objects.segments(at.container, name)).toMatchObject([
    { container: 'parts', name: 'whole', bytes: 10, range: { start: 10, end: 19 }, etag: md5(data) },
    { container: undefined, bytes: 4 },
    { bytes: 10, range: { start: 0, end: 9 } },
  ])
  const expected = Buffer.concat([data.subarray(10, 20), Buffer.from('abcd'), data.subarray(0, 10)])
  const to = { container: at.container, name: newName() }
  const copy = await at.cloud.objects.copy({ container: at.container, name }, to)
  expect((await drained(copy.stream())).equals(expected)).toBe(true)
})

test('a connection that is cut in the middle of a reading is followed by another, and an image made all the same', async () => {
  const large = someBytes(3_000_000)
  const reset = { type: 'reset', afterResponseBytes: 700_000 } as const
  await using cut = await objectCloud([
    { match: { method: 'GET', path: '/o$', headers: { range: '^$' }, nth: 1 }, fault: reset },
    { match: { method: 'GET', path: '/o$', headers: { range: '-2999999$' }, nth: 1 }, fault: reset },
  ])
  await cut.cloud.objects.put(cut.container, 'o', large, { segmentSizeBytes: 1_000_000 })
  const image = await cut.cloud.images.create({ name: 'cut', diskFormat: 'raw', container: cut.container, obj: 'o' })
  expect(image).toMatchObject({ status: 'active', size: large.byteLength, checksum: md5(large), verdict: 'verified' })
  const ranges = cut.requests.flatMap(({ path, headers }) => (path.endsWith('/o') ? [headers['range']] : []))
  expect(ranges.filter((range) => range?.endsWith('-2999999'))).toHaveLength(2)
})

test('a reading that is cut again and again without getting on ends', async () => {
  await using cut = await objectCloud([
    { match: { method: 'GET', path: '/o$' }, fault: { type: 'reset', afterResponseBytes: 1000 } },
  ])
  const object = await cut.cloud.objects.put(cut.container, 'o', data, options)
  await expect(drained(object.stream())).rejects.toMatchObject({ name: 'ConnectionError' })
})

test('an object that is replaced between two connections is not gone on with', async () => {
  await using cut = await objectCloud(
    [{ match: { method: 'GET', path: '/o$', nth: 1 }, fault: { type: 'stall', afterResponseBytes: 70_000 } }],
    { timeouts: { idleTimeoutMs: 2000 } },
  )
  const object = await cut.cloud.objects.put(cut.container, 'o', data, options)
  const reader = object.stream().getReader()
  await reader.read()
  await cut.cloud.objects.put(cut.container, 'o', someBytes(500_001), options)
  await expect(untilEnd(reader)).rejects.toMatchObject({
    name: 'SourceError',
    message: expect.stringContaining('replaced') as string,
  })
})

test('a large object is a source for another, read in several places at once', async () => {
  const [from, to] = [newName(), newName()]
  const object = await at.cloud.objects.put(at.container, from, fromStream(trickle(data)), options)
  const stored = await at.cloud.objects.put(at.container, to, object, { segmentSizeBytes: 150_000 })
  expect(stored).toMatchObject({ segmentCount: 4 })
  expect((await at.read(to)).equals(data)).toBe(true)
})

test('a plain object that was stored otherwise than it was sent goes, and so do the segments that it replaced', async () => {
  await using wrong = await objectCloud([
    { match: { method: 'PUT', path: '/o$' }, fault: { type: 'corrupt', atRequestByte: 3 } },
  ])
  await wrong.cloud.objects.put(wrong.container, 'o', data, options)
  expect(await wrong.segmentNames()).toHaveLength(6)
  const put = wrong.cloud.objects.put(wrong.container, 'o', Buffer.from('plain'))
  await expect(put).rejects.toMatchObject({ name: 'IntegrityError', what: 'md5' })
  expect([await wrong.names(wrong.container), await wrong.segmentNames()]).toEqual([[], []])
})
