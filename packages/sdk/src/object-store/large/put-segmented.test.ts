import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromFile, fromStream } from '../../node/index.js'
import { md5, type ObjectCloud, objectCloud, pieces, someBytes, trickle } from '../../testing/object-cloud.js'
import type { Source } from '../../sources/source.js'

let at: ObjectCloud
let folder: string
beforeAll(async () => {
  at = await objectCloud()
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-segments-'))
})
afterAll(async () => {
  await at?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const data = someBytes(1_000_003)
const segmentSizeBytes = 100_000
const etagOf = (whole: Buffer, size = segmentSizeBytes) => md5(pieces(whole, size).map(md5).join(''))
let count = 0
const newName = () => `dir/o ${(count += 1)}?ü`
const segmentsOf = async (name: string) => (await at.segmentNames()).filter((each) => each.startsWith(`${name}/slo/`))

async function fileOf(bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, `f${(count += 1)}`)
  await writeFile(file, bytes)
  return file
}

test.each([
  ['bytes', () => data],
  ['a Blob', () => new Blob([data])],
  ['a file', async () => fromFile(await fileOf(data))],
  ['a stream of known size', () => fromStream(trickle(data), { size: data.byteLength })],
  ['a stream of unknown size', () => fromStream(trickle(data))],
] as const)('%s larger than a segment become a static large object', async (_what, source) => {
  const name = newName()
  const seen: { bytes: number; total: number | undefined }[] = []
  const stored = await at.cloud.objects.put(at.container, name, await source(), {
    segmentSizeBytes,
    contentType: 'text/x-disk',
    metadata: { Os: 'Debian ü' },
    onProgress: ({ bytes, total }) => seen.push({ bytes, total }),
  })
  const what = { bytes: data.byteLength, etag: etagOf(data), large: 'static', contentType: 'text/x-disk' }
  expect(stored).toMatchObject({ ...what, segmentCount: 11, resumedSegments: 0, resumedBytes: 0, leftSegments: [] })
  expect(await at.cloud.objects.stat(at.container, name)).toMatchObject({ ...what, metadata: { os: 'Debian ü' } })
  expect((await at.read(name)).equals(data)).toBe(true)
  expect((await at.read(name)).equals(data)).toBe(true)
  expect(await segmentsOf(name)).toHaveLength(11)
  expect(seen.at(-1)?.bytes).toBe(data.byteLength)
  const segments = await at.cloud.objects.segments(at.container, name)
  expect(segments.map(({ bytes, etag }) => [bytes, etag])).toEqual(
    pieces(data, segmentSizeBytes).map((piece) => [piece.byteLength, md5(piece)]),
  )
  expect(segments.every(({ container }) => container === `${at.container}_segments`)).toBe(true)
})

test('what fits one segment is a plain object, from a stream too, and leaves no segment', async () => {
  for (const source of [data, fromStream(trickle(data)), fromStream(trickle(data), { size: data.byteLength })]) {
    const name = newName()
    const stored = await at.cloud.objects.put(at.container, name, source, {
      segmentSizeBytes: data.byteLength,
      contentType: 'text/x-disk',
      metadata: { os: 'Debian ü' },
    })
    const what = { etag: md5(data), large: undefined, contentType: 'text/x-disk', metadata: { os: 'Debian ü' } }
    expect(stored).toMatchObject({ ...what, segmentCount: 0 })
    expect(await at.cloud.objects.stat(at.container, name)).toMatchObject(what)
    expect((await at.read(name)).equals(data)).toBe(true)
    expect(await segmentsOf(name)).toEqual([])
  }
})

test('a stream that ends where a segment ends has no empty one', async () => {
  const name = newName()
  const whole = data.subarray(0, 300_000)
  const stored = await at.cloud.objects.put(at.container, name, fromStream(trickle(whole)), {
    segmentSizeBytes,
    segmented: true,
  })
  expect(stored).toMatchObject({ segmentCount: 3, bytes: 300_000, etag: etagOf(whole) })
})

test('segments are made or not made when that is asked for, and nothing is made of nothing', async () => {
  const forced = await at.cloud.objects.put(at.container, newName(), data, { segmented: true })
  expect(forced).toMatchObject({ large: 'static', segmentCount: 1, etag: md5(md5(data)) })
  const stream = await at.cloud.objects.put(at.container, newName(), fromStream(trickle(data)), { segmented: true })
  expect(stored(stream)).toEqual(['static', 1])
  const never = await at.cloud.objects.put(at.container, newName(), data, { segmented: false })
  expect(never).toMatchObject({ large: undefined, etag: md5(data) })
  const empty = await at.cloud.objects.put(at.container, newName(), new Uint8Array(), { segmented: true })
  expect(empty).toMatchObject({ large: undefined, bytes: 0 })
})
const stored = (object: { large: unknown; segmentCount: number }) => [object.large, object.segmentCount]

test('a second put of the same bytes sends nothing again, by whatever source and at whatever time', async () => {
  const name = newName()
  const file = await fileOf(data)
  await at.cloud.objects.put(at.container, name, fromFile(file), { segmentSizeBytes })
  const before = await segmentsOf(name)
  await utimes(file, 1, 1)
  for (const source of [fromFile(file), data]) {
    const again = await at.cloud.objects.put(at.container, name, source, { segmentSizeBytes })
    expect(again).toMatchObject({ segmentCount: 11, resumedSegments: 11, resumedBytes: data.byteLength })
    expect(await segmentsOf(name)).toEqual(before)
  }
  const anew = await at.cloud.objects.put(at.container, name, data, { segmentSizeBytes, resume: false })
  expect(anew).toMatchObject({ resumedSegments: 0, resumedBytes: 0 })
  expect(await segmentsOf(name)).toHaveLength(11)
  expect((await at.read(name)).equals(data)).toBe(true)
})

test('segments with the right name and size and other bytes are not used', async () => {
  const name = newName()
  const other = someBytes(data.byteLength)
  data.copy(other, 300_000, 300_000, 500_000)
  await at.cloud.objects.put(at.container, name, other, { segmentSizeBytes })
  const put = await at.cloud.objects.put(at.container, name, data, { segmentSizeBytes })
  expect(put).toMatchObject({ resumedSegments: 2, resumedBytes: 200_000 })
  expect((await at.read(name)).equals(data)).toBe(true)
  expect(await segmentsOf(name)).toHaveLength(11)
})

test('the segments of a large object that is replaced go, whatever replaces it', async () => {
  const name = newName()
  const put = (bytes: Buffer) => at.cloud.objects.put(at.container, name, bytes, { segmentSizeBytes })
  await put(data)
  const other = someBytes(250_000)
  await put(other)
  expect(await segmentsOf(name)).toHaveLength(3)
  expect((await at.read(name)).equals(other)).toBe(true)
  await put(data.subarray(0, 10))
  expect(await segmentsOf(name)).toEqual([])
  await put(data)
  await at.cloud.objects.put(at.container, 'plain', data.subarray(0, 10))
  await at.cloud.objects.copy({ container: at.container, name: 'plain' }, { container: at.container, name })
  expect(await segmentsOf(name)).toEqual([])
})

test('segments of somebody else are never removed with an object that was made of them', async () => {
  const name = newName()
  const foreign = [`x${name}/slo/1/100000/100000/00000000`, `${name}/slo/mine`, `${name}/0`]
  const segments = `${at.container}_segments`
  await at.cloud.objects.createContainer(segments)
  for (const each of foreign) await at.cloud.objects.put(segments, each, data.subarray(0, 100_000))
  await at.cloud.objects.put(at.container, name, data, { segmentSizeBytes, segmentContainer: 'shared' })
  await manifest(
    name,
    foreign.map((each) => `/${segments}/${each}`),
  )
  await at.cloud.objects.put(at.container, name, data.subarray(0, 5))
  expect(await at.names(segments)).toEqual(expect.arrayContaining(foreign))
})

/** Stores a manifest by hand. */
async function manifest(name: string, paths: readonly string[]): Promise<void> {
  const token = await at.cloud.token()
  const address = `${at.url}/${encodeURIComponent(at.container)}/${encodeURIComponent(name)}?multipart-manifest=put`
  const body = JSON.stringify(paths.map((each) => ({ path: each })))
  const answer = await fetch(address, { method: 'PUT', body, headers: { 'x-auth-token': token ?? '' } })
  expect(answer.status).toBe(201)
}

test('containers that share a container for segments have folders of their own in it', async () => {
  await at.cloud.objects.createContainer('second')
  const options = { segmentSizeBytes, segmentContainer: 'shared' }
  await at.cloud.objects.put(at.container, 'same', data, options)
  const second = await at.cloud.objects.put('second', 'same', data, options)
  expect(second).toMatchObject({ resumedSegments: 0 })
  await at.cloud.objects.put(at.container, 'same', data.subarray(0, 5))
  expect((await at.names('shared'))?.filter((each) => each.startsWith('second/same/slo/'))).toHaveLength(11)
  expect((await at.names('shared'))?.filter((each) => each.startsWith(`${at.container}/same/`))).toEqual([])
})

test('a source that is shorter or longer than it says leaves neither object nor segments', async () => {
  for (const actual of [data.byteLength - 1, data.byteLength + 1, 200_000, data.byteLength + 300_000]) {
    const bytes = Buffer.concat([data, data]).subarray(0, actual)
    for (const source of [
      fromStream(trickle(bytes), { size: data.byteLength }),
      lying(bytes, data.byteLength, true),
      lying(bytes, data.byteLength, false),
    ]) {
      const name = newName()
      const put = at.cloud.objects.put(at.container, name, source, { segmentSizeBytes })
      await expect(put).rejects.toMatchObject({
        name: 'SourceError',
        message: expect.stringContaining('1000003') as string,
      })
      await expect(at.cloud.objects.stat(at.container, name)).rejects.toMatchObject({ status: 404 })
      expect(await segmentsOf(name)).toEqual([])
    }
  }
})

/** A source that declares another size than it has. */
function lying(bytes: Buffer, size: number, replayable: boolean): Source {
  return {
    label: 'liar',
    size,
    replayable,
    prepare: async () => undefined,
    open: ({ start = 0 } = {}) => trickle(bytes.subarray(start)),
    peek: async (length) => bytes.subarray(0, length),
  }
}

test('a file that changes while it is sent leaves the object as it was, and no segments', async () => {
  const name = newName()
  const file = await fileOf(data)
  await at.cloud.objects.put(at.container, name, Buffer.from('old'))
  const source = fromFile(file)
  let opened = 0
  const changing: Source = {
    ...source,
    size: data.byteLength,
    replayable: true,
    async *open(options) {
      if ((opened += 1) === 3) await writeFile(file, someBytes(data.byteLength))
      yield* source.open(options)
    },
  }
  const put = at.cloud.objects.put(at.container, name, changing, { segmentSizeBytes })
  await expect(put).rejects.toMatchObject({ name: 'SourceError' })
  expect((await at.read(name)).toString()).toBe('old')
  expect(await segmentsOf(name)).toEqual([])
})

test('an abort ends a put, and takes away what it has sent', async () => {
  for (const source of [data, fromStream(trickle(data))]) {
    await using slow = await objectCloud([
      { match: { method: 'PUT', path: '_segments/.*00000003$' }, fault: { type: 'stall', afterRequestBytes: 1000 } },
    ])
    const stop = new AbortController()
    const put = slow.cloud.objects.put(slow.container, 'o', source, {
      segmentSizeBytes,
      concurrency: 2,
      signal: stop.signal,
    })
    const ended = put.catch((error: unknown) => error)
    await expect.poll(async () => (await slow.segmentNames()).length).toBeGreaterThan(2)
    stop.abort()
    expect(await ended).toMatchObject({ name: 'AbortError' })
    expect(await slow.segmentNames()).toEqual([])
    await expect(slow.cloud.objects.stat(slow.container, 'o')).rejects.toMatchObject({ status: 404 })
  }
})

test.each([
  [{ segmentSizeBytes: 0 }, 'segmentSizeBytes'],
  [{ segmentSizeBytes: 1.5 }, 'segmentSizeBytes'],
  [{ segmentSizeBytes: 6 * 1024 ** 3, segmented: true }, 'segmentSizeBytes'],
  [{ concurrency: 0 }, 'concurrency'],
  [{ concurrency: 33 }, 'concurrency'],
  [{ segmentContainer: 'a/b' }, 'a/b'],
  [{ segmentSizeBytes: 5, segmented: false }, 'not to be segmented'],
])('%j is refused before anything is made', async (options, words) => {
  const name = newName()
  const put = at.cloud.objects.put(at.container, name, data, options)
  await expect(put).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining(words) as string })
  expect(await segmentsOf(name)).toEqual([])
})

test('an object whose segments would have names that are too long, or whose container is not there, is refused', async () => {
  const options = { segmentSizeBytes }
  await expect(at.cloud.objects.put(at.container, 'n'.repeat(1000), data, options)).rejects.toMatchObject({
    name: 'UsageError',
    hint: expect.stringContaining('shorten') as string,
  })
  await expect(at.cloud.objects.put('nowhere', 'o', data, options)).rejects.toMatchObject({ name: 'NotFoundError' })
  expect(await at.names('nowhere_segments')).toBeUndefined()
})

test('of two puts of one object at once one wins, and what is there is whole', async () => {
  for (let round = 0; round < 5; round += 1) {
    const name = newName()
    const others = [data, someBytes(750_000)]
    await at.cloud.objects.put(at.container, name, someBytes(400_000), { segmentSizeBytes })
    await Promise.all(others.map((bytes) => at.cloud.objects.put(at.container, name, bytes, { segmentSizeBytes })))
    const now = await at.read(name)
    expect(others.some((bytes) => bytes.equals(now))).toBe(true)
  }
})

test('segments that no object is made of are found, in a shared container too, and those of objects are not', async () => {
  await using own = await objectCloud([
    {
      match: { method: 'PUT', path: '_segments/.*00000002$|shared/.*00000002$' },
      fault: { type: 'status', status: 413 },
    },
  ])
  const { objects } = own.cloud
  const put = (name: string, bytes: Buffer, more = {}) =>
    objects.put(own.container, name, bytes, { segmentSizeBytes, concurrency: 1, keepOnFailure: true, ...more })
  await put('a/slo/b', data.subarray(0, 200_000))
  await expect(put('a', data)).rejects.toMatchObject({ status: 413 })
  await expect(put('c', data, { segmentContainer: 'shared' })).rejects.toMatchObject({ status: 413 })
  const found = await objects.findOrphanSegments(own.container, { olderThanMs: 0 })
  expect(found.map(({ object, bytes }) => [object, bytes])).toEqual([
    ['a', 100_000],
    ['a', 100_000],
  ])
  const shared = await objects.findOrphanSegments(own.container, { olderThanMs: 0, segmentContainer: 'shared' })
  expect(shared.map(({ object }) => object)).toEqual(['c', 'c'])
  expect(await objects.findOrphanSegments(own.container)).toEqual([])
  await expect(objects.findOrphanSegments(own.container, { olderThanMs: -1 })).rejects.toMatchObject({
    name: 'UsageError',
  })
})
