import type { FaultPlan } from '@tyrax/server'
import { expect, test } from 'vitest'
import { fromStream } from '../../node/index.js'
import { md5, type ObjectCloud, objectCloud, pieces, someBytes, trickle } from '../../testing/object-cloud.js'

const data = someBytes(500_000)
const segmentSizeBytes = 100_000
const options = { segmentSizeBytes }
const etag = md5(pieces(data, segmentSizeBytes).map(md5).join(''))
const third = { method: 'PUT', path: '_segments/.*00000002$' }
const manifest = { method: 'PUT', path: 'multipart-manifest=put' }
const status = (code: number, more = {}) => ({ type: 'status', status: code, ...more }) as const

type Fault = FaultPlan[number]['fault']
const once = (match: { method: string; path: string }, fault: Fault): FaultPlan => [
  { match: { ...match, nth: 1 }, fault },
]
const always = (match: { method: string; path: string }, fault: Fault): FaultPlan => [{ match, fault }]

const segmentPuts = (at: ObjectCloud) =>
  at.requests
    .flatMap(({ method, path }) => (method === 'PUT' && /\d{8}$/.test(path) ? [path.slice(-8)] : []))
    .toSorted()

async function put(at: ObjectCloud, source: Parameters<typeof at.cloud.objects.put>[2] = data, more = {}) {
  return at.cloud.objects.put(at.container, 'o', source, { ...options, ...more })
}

/** The object is unchanged, and there are no segments. */
async function expectUntouched(at: ObjectCloud): Promise<void> {
  expect((await at.read('o')).toString()).toBe('old')
  expect(await at.segmentNames()).toEqual([])
}

async function withOld(faults: FaultPlan, connection = {}): Promise<ObjectCloud> {
  const at = await objectCloud(faults, connection)
  await at.cloud.objects.put(at.container, 'o', Buffer.from('old'))
  return at
}

test.each<[string, Fault]>([
  ['a 503', status(503)],
  ['a 408', status(408)],
  ['a 503 after all of it', status(503, { afterRequestBytes: 'end' })],
  ['a reset in the middle', { type: 'reset', afterRequestBytes: 50_000 }],
  ['a lost answer', { type: 'reset', afterResponseBytes: 'none' }],
  ['a byte that was changed on its way', { type: 'corrupt', atRequestByte: 70_000 }],
  ['an ETag that is wrong', { type: 'headers', headers: { etag: 'd41d8cd98f00b204e9800998ecf8427e' } }],
])('after %s that segment alone is sent again', async (_what, fault) => {
  await using at = await withOld(once(third, fault))
  expect(await put(at)).toMatchObject({ etag, segmentCount: 5, large: 'static' })
  expect((await at.read('o')).equals(data)).toBe(true)
  expect(segmentPuts(at)).toEqual(['00000000', '00000001', '00000002', '00000002', '00000003', '00000004'])
  expect(await at.segmentNames()).toHaveLength(5)
})

test.each<[string, Fault, object]>([
  ['503 every time', status(503), { status: 503 }],
  ['408 every time', status(408), { status: 408 }],
  ['a quota', status(413), { name: 'OverLimitError' }],
  ['a refusal', status(422), { status: 422 }],
  ['a reset every time', { type: 'reset', afterRequestBytes: 50_000 }, { name: 'ConnectionError' }],
  [
    'bytes that are changed every time',
    { type: 'corrupt', atRequestByte: 70_000 },
    { name: 'IntegrityError', what: 'md5' },
  ],
])('%s ends the put; the object is as it was, and no segment is left', async (_what, fault, error) => {
  for (const source of [data, fromStream(trickle(data)), fromStream(trickle(data), { size: data.byteLength })]) {
    await using at = await withOld(always(third, fault))
    await expect(put(at, source)).rejects.toMatchObject(error)
    await expectUntouched(at)
  }
})

test('a stream whose answer was lost is not lost itself: the segment is looked up', async () => {
  await using at = await withOld(once(third, { type: 'reset', afterResponseBytes: 'none' }))
  expect(await put(at, fromStream(trickle(data)))).toMatchObject({ etag, segmentCount: 5 })
  expect((await at.read('o')).equals(data)).toBe(true)
  expect(segmentPuts(at)).toHaveLength(5)
})

test('a stream that cannot be sent again in the middle of a segment fails, and leaves nothing', async () => {
  await using at = await withOld(once(third, { type: 'reset', afterRequestBytes: 50_000 }))
  await expect(put(at, fromStream(trickle(data)))).rejects.toMatchObject({ name: 'ConnectionError' })
  await expectUntouched(at)
})

test('a manifest whose answer is lost every time is looked up, and there', async () => {
  await using at = await withOld(always(manifest, { type: 'reset', afterResponseBytes: 'none' }))
  expect(await put(at)).toMatchObject({ etag, segmentCount: 5 })
  expect((await at.read('o')).equals(data)).toBe(true)
  expect(await at.segmentNames()).toHaveLength(5)
})

test.each<[string, FaultPlan, object]>([
  ['is refused with 503', always(manifest, status(503)), { status: 503 }],
  ['is never answered nor stored', always(manifest, { type: 'reset' }), { name: 'ConnectionError' }],
  [
    'names what is missing',
    always(manifest, status(400, { body: '{"Errors":[["/c/o","404 Not Found"]]}' })),
    { name: 'IntegrityError', message: expect.stringContaining('/c/o: 404 Not Found') },
  ],
  ['is no good for another reason', always(manifest, status(400, { body: 'Too bad.' })), { message: 'Too bad.' }],
  ['is not understood', always(manifest, status(422)), { name: 'IntegrityError', what: 'etag' }],
])('when the manifest %s, the object is as it was and no segment is left', async (_what, faults, error) => {
  await using at = await withOld(faults)
  await expect(put(at)).rejects.toMatchObject(error)
  await expectUntouched(at)
})

test('a manifest that makes something else than was sent is an error', async () => {
  const headers = { etag: '"d41d8cd98f00b204e9800998ecf8427e"' }
  await using at = await withOld(always(manifest, { type: 'headers', headers }))
  await expect(put(at)).rejects.toMatchObject({ name: 'IntegrityError', expected: etag })
})

test('with keepOnFailure the segments stay, and the next put goes on with them', async () => {
  await using at = await withOld([{ match: { ...third, nth: 1, count: 5 }, fault: status(503) }])
  const failed = put(at, data, { keepOnFailure: true, concurrency: 1 })
  await expect(failed).rejects.toMatchObject({ status: 503, hint: expect.stringContaining('to resume') as string })
  expect(await at.segmentNames()).toHaveLength(2)
  expect((await at.read('o')).toString()).toBe('old')
  const before = segmentPuts(at).length
  expect(await put(at)).toMatchObject({ etag, resumedSegments: 2, resumedBytes: 200_000 })
  expect(segmentPuts(at)).toHaveLength(before + 3)
  expect(await at.segmentNames()).toHaveLength(5)
  expect((await at.read('o')).equals(data)).toBe(true)
})

test('what cannot be removed after a failure is said to be there', async () => {
  await using at = await withOld([
    { match: { ...third }, fault: status(413) },
    { match: { method: 'DELETE' }, fault: status(403) },
  ])
  const failed = put(at, data, { concurrency: 1 })
  await expect(failed).rejects.toMatchObject({ status: 413, hint: expect.stringContaining('imgs é_segments/o/slo/') })
  expect(await at.segmentNames()).toHaveLength(2)
})

test('what cannot be removed after a success is reported, and the put is one', async () => {
  await using at = await withOld([{ match: { method: 'DELETE' }, fault: status(403) }])
  await put(at, data)
  const old = await at.segmentNames()
  const again = await put(at, Buffer.from('plain'))
  expect(again.leftSegments.toSorted()).toEqual(old.map((name) => `${at.container}_segments/${name}`))
  expect((await at.read('o')).toString()).toBe('plain')
})

const info = { method: 'GET', path: '^/info$' }
const capable = (swift: object, slo?: object) =>
  always(info, { type: 'body', body: JSON.stringify({ swift, ...(slo && { slo }) }) })

test('a server without static large objects takes what fits, and refuses the rest before anything is sent', async () => {
  await using at = await withOld(capable({ max_file_size: 600_000 }))
  expect(await put(at)).toMatchObject({ large: undefined, etag: md5(data) })
  expect(await put(at, fromStream(trickle(data)))).toMatchObject({ large: undefined, etag: md5(data) })
  await expect(put(at, someBytes(600_001))).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining('no static large objects') as string,
  })
  await expect(put(at, data, { segmented: true })).rejects.toMatchObject({ name: 'UsageError' })
  expect((await at.read('o')).equals(data)).toBe(true)
  expect(await at.segmentNames()).toEqual([])
})

test.each([401, 403, 404])(
  'a server that answers %d for its limits is only tried when that is asked for',
  async (code) => {
    await using at = await withOld(always({ method: 'GET', path: '/info$' }, status(code)))
    expect(await put(at)).toMatchObject({ large: undefined })
    expect(await put(at, data, { segmented: true })).toMatchObject({ large: 'static', etag })
  },
)

test('a web page in place of the limits tells nothing', async () => {
  await using at = await withOld(
    always(info, { type: 'body', body: '<html>welcome</html>', headers: { 'content-type': 'text/html' } }),
  )
  expect(await put(at)).toMatchObject({ large: undefined })
})

test('segments grow when there would be too many of them, and keep to the least size', async () => {
  await using at = await withOld(
    capable({ max_file_size: 400_000 }, { max_manifest_segments: 3, min_segment_size: 1000 }),
  )
  expect(await put(at, data, { segmentSizeBytes: 1000 })).toMatchObject({ segmentCount: 2, bytes: data.byteLength })
  expect((await at.read('o')).equals(data)).toBe(true)
  await expect(put(at, data, { segmentSizeBytes: 999 })).rejects.toMatchObject({ name: 'UsageError' })
  await expect(put(at, someBytes(1_200_001))).rejects.toMatchObject({ name: 'UsageError' })
})

test('a stream that needs more segments than there may be is an error, and leaves nothing', async () => {
  await using at = await withOld(capable({ max_file_size: 100_000 }, { max_manifest_segments: 3 }))
  await expect(put(at, fromStream(trickle(data)))).rejects.toMatchObject({
    name: 'SourceError',
    message: expect.stringContaining('3 segments') as string,
  })
  await expectUntouched(at)
})

test('limits are asked for once, and not at all for what is small', async () => {
  await using at = await objectCloud()
  await put(at, Buffer.from('small'))
  await put(at, fromStream(trickle(Buffer.from('small'))))
  const asked = () => at.requests.filter(({ path }) => path === '/info').length
  expect(asked()).toBe(0)
  await put(at)
  await put(at)
  expect(asked()).toBe(1)
})
