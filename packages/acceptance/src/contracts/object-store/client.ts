import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, fromStream, type Cloud } from '@tyrax/sdk'
import { randomDisk } from '@tyrax/testkit'
import { contractSuite } from '../scratch.js'
import type { ContractTarget } from '../target.js'

const md5 = (data: Uint8Array | string) => createHash('md5').update(data).digest('hex')

/** The client's guarantees for large objects, which are the same on any cloud. */
export function objectsClientContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('large objects of the client', makeTarget, (scratch) => {
    let demo: Cloud
    const data = randomDisk(1_000_003)
    const segmentSizeBytes = 300_000
    const pieces = [0, 1, 2, 3].map((index) => data.subarray(index * segmentSizeBytes, (index + 1) * segmentSizeBytes))
    const etag = md5(pieces.map(md5).join(''))

    beforeAll(async () => {
      const { username, password, projectName } = scratch.demo
      demo = await connect({ auth: { authUrl: scratch.target.authUrl, username, password, projectName } })
    })
    afterAll(() => demo?.close())

    const names = async (container: string) => {
      const listed = await demo.objects.list(container).toArray()
      return listed.flatMap((entry) => ('name' in entry ? [entry.name] : []))
    }
    const empty = async (container: string) => {
      for (const name of await names(container)) await demo.objects.delete(container, name, { keepSegments: true })
      await demo.objects.deleteContainer(container)
    }
    const container = async (name = scratch.name()) => {
      await demo.objects.createContainer(name)
      scratch.later(() => empty(name))
      return name
    }
    /** A container for objects, and one for their segments. */
    const pair = async () => {
      const name = await container()
      return { name, segments: await container(`${name}_segments`) }
    }
    async function* chunks(bytes = data) {
      for (let at = 0; at < bytes.byteLength; at += 70_001) yield bytes.subarray(at, at + 70_001)
    }
    const read = async (container: string, name: string) => {
      const parts: Uint8Array[] = []
      for await (const chunk of (await demo.objects.get(container, name)).stream()) parts.push(chunk)
      return Buffer.concat(parts)
    }
    const failure = async (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => 'it did not fail',
        (error: unknown) => error,
      )

    test('an object with a Content-Encoding is its stored bytes, its segments are listed, and metadata leaves it alone', async () => {
      const { name } = await pair()
      const encoded = { contentEncoding: 'gzip', segmentSizeBytes }
      for (const [object, bytes, large] of [
        ['plain', pieces[0] as Buffer, undefined],
        ['large', data, 'static'],
      ] as const) {
        await demo.objects.put(name, object, bytes, encoded)
        await demo.objects.setMetadata(name, object, { color: 'red' })
        const known = { bytes: bytes.byteLength, contentEncoding: 'gzip', large, metadata: { color: 'red' } }
        expect(await demo.objects.stat(name, object)).toMatchObject(known)
        expect(await demo.objects.segments(name, object)).toHaveLength(large === undefined ? 0 : 4)
        const copy = await demo.objects.copy({ container: name, name: object }, { container: name, name: 'copy' })
        expect(copy).toMatchObject(known)
        for (const each of [object, 'copy']) expect((await read(name, each)).equals(bytes)).toBe(true)
        await demo.objects.delete(name, 'copy')
        await demo.objects.delete(name, object)
      }
    })

    test.each([
      ['bytes', () => data],
      ['a stream of known size', () => fromStream(chunks(), { size: data.byteLength })],
      ['a stream of unknown size', () => fromStream(chunks())],
    ] as const)('%s that are larger than a segment are a static large object', async (_what, source) => {
      const { name, segments } = await pair()
      const metadata = { os: 'Debian ü' }
      const put = await demo.objects.put(name, 'dir/ö ?', source(), {
        segmentSizeBytes,
        metadata,
        contentType: 'text/x-disk',
      })
      const what = { bytes: data.byteLength, etag, large: 'static', contentType: 'text/x-disk', metadata }
      expect(put).toMatchObject({ ...what, segmentCount: 4, leftSegments: [] })
      expect(await demo.objects.stat(name, 'dir/ö ?')).toMatchObject(what)
      expect((await read(name, 'dir/ö ?')).equals(data)).toBe(true)
      expect(await names(segments)).toHaveLength(4)
      const listed = await demo.objects.segments(name, 'dir/ö ?')
      expect(listed.map((each) => [each.bytes, each.etag])).toEqual(pieces.map((each) => [each.byteLength, md5(each)]))
    })

    test('a stream that fits one segment is a plain object, made by a copy', async () => {
      const { name, segments } = await pair()
      const long = Buffer.concat([data, data])
      const put = await demo.objects.put(name, 'o', fromStream(chunks(long)), {
        metadata: { os: 'ü' },
        contentType: 'text/x-disk',
      })
      const what = { large: undefined, etag: md5(long), contentType: 'text/x-disk', metadata: { os: 'ü' } }
      expect(put).toMatchObject({ ...what, segmentCount: 0 })
      expect(await demo.objects.stat(name, 'o')).toMatchObject(what)
      expect(await names(segments)).toEqual([])
    })

    test('a second put sends nothing again, and one of something else removes what was there', async () => {
      const { name, segments } = await pair()
      const put = (bytes: Buffer) => demo.objects.put(name, 'o', bytes, { segmentSizeBytes })
      await put(data)
      expect(await put(data)).toMatchObject({ resumedSegments: 4, resumedBytes: data.byteLength, etag })
      const other = Buffer.from(data)
      other.fill(0, 0, 10)
      expect(await put(other)).toMatchObject({ resumedSegments: 3 })
      expect(await names(segments)).toHaveLength(4)
      expect((await read(name, 'o')).equals(other)).toBe(true)
      await put(Buffer.from('plain'))
      expect(await names(segments)).toEqual([])
    })

    test('deleting takes the segments, unless they are to be kept', async () => {
      const { name, segments } = await pair()
      const put = () => demo.objects.put(name, 'a/b ü', data, { segmentSizeBytes })
      await put()
      await demo.objects.delete(name, 'a/b ü', { keepSegments: true })
      expect(await names(segments)).toHaveLength(4)
      expect(await put()).toMatchObject({ resumedSegments: 4 })
      await demo.objects.delete(name, 'a/b ü')
      expect([await names(name), await names(segments)]).toEqual([[], []])
      expect(await failure(demo.objects.delete(name, 'a/b ü'))).toMatchObject({ status: 404 })
    })

    test('a copy does without its original', async () => {
      const { name } = await pair()
      const { name: other, segments } = await pair()
      await demo.objects.put(name, 'o', data, { segmentSizeBytes, metadata: { os: 'ü' }, contentType: 'text/x-disk' })
      const copy = await demo.objects.copy({ container: name, name: 'o' }, { container: other, name: 'p' })
      expect(copy).toMatchObject({ large: 'static', etag, metadata: { os: 'ü' }, contentType: 'text/x-disk' })
      await demo.objects.delete(name, 'o')
      expect((await read(other, 'p')).equals(data)).toBe(true)
      expect(await names(segments)).toHaveLength(4)
    })

    test('a copy keeps parts of objects, and bytes that are in the manifest', async () => {
      const { name } = await pair()
      await demo.objects.put(name, 'whole', data)
      const manifest = [
        { path: `/${name}/whole`, range: '10-19' },
        { data: Buffer.from('abcd').toString('base64') },
        { path: `/${name}/whole`, range: '0-9' },
      ]
      const query = '?multipart-manifest=put'
      await scratch.demo.object('PUT', `/${name}/made${query}`, { body: JSON.stringify(manifest) })
      expect(await demo.objects.segments(name, 'made')).toMatchObject([
        { container: name, name: 'whole', bytes: 10, range: { start: 10, end: 19 }, etag: md5(data) },
        { container: undefined, bytes: 4 },
        { bytes: 10, range: { start: 0, end: 9 } },
      ])
      await demo.objects.copy({ container: name, name: 'made' }, { container: name, name: 'again' })
      const expected = Buffer.concat([data.subarray(10, 20), Buffer.from('abcd'), data.subarray(0, 10)])
      expect((await read(name, 'again')).equals(expected)).toBe(true)
    })

    test('a dynamic large object is read, listed and deleted, alone or with what it is made of', async () => {
      const { name, segments } = await pair()
      const make = async () => {
        for (const [index, piece] of pieces.entries()) await demo.objects.put(segments, `d ü/${index}`, piece)
        const headers = { 'x-object-manifest': `${segments}/${encodeURIComponent('d ü')}/`, 'content-length': '0' }
        await scratch.demo.object('PUT', `/${name}/d`, { headers, body: '' })
      }
      await make()
      expect(await demo.objects.stat(name, 'd')).toMatchObject({ large: 'dynamic', bytes: data.byteLength, etag })
      expect((await read(name, 'd')).equals(data)).toBe(true)
      expect((await demo.objects.segments(name, 'd')).map((each) => [each.container, each.name, each.etag])).toEqual(
        pieces.map((each, index) => [segments, `d ü/${index}`, md5(each)]),
      )
      await demo.objects.delete(name, 'd')
      expect(await names(segments)).toHaveLength(4)
      await make()
      await demo.objects.delete(name, 'd', { keepSegments: false })
      expect([await names(name), await names(segments)]).toEqual([[], []])
    })

    test('a large object is read by ranges, and is an error once a segment has been replaced', async () => {
      const { name } = await pair()
      const object = await demo.objects.put(name, 'o', data, { segmentSizeBytes })
      const range = { start: 299_990, end: 600_010 }
      const parts: Uint8Array[] = []
      for await (const chunk of object.stream({ range })) parts.push(chunk)
      expect(Buffer.concat(parts).equals(data.subarray(range.start, range.end + 1))).toBe(true)
      const [first] = await demo.objects.segments(name, 'o')
      await demo.objects.put(first?.container ?? '', first?.name ?? '', Buffer.from('other'))
      const gone = { name: 'SourceError', message: expect.stringContaining('a segment of it') as string }
      expect(await failure(read(name, 'o'))).toMatchObject(gone)
    })

    test('a large object becomes an image', async () => {
      const { name } = await pair()
      const obj = await demo.objects.put(name, 'o.raw', data, { segmentSizeBytes })
      const image = await demo.images.create({ name: scratch.name(), diskFormat: 'raw', obj })
      scratch.track(scratch.demo, image.id)
      expect(image).toMatchObject({ status: 'active', size: data.byteLength, checksum: md5(data), verdict: 'verified' })
    })

    test('what the server would refuse is refused before anything is sent', async () => {
      const { name, segments } = await pair()
      const put = (options: object) => failure(demo.objects.put(name, 'o', data, options))
      expect(await put({ segmentSizeBytes: 6 * 1024 ** 3, segmented: true })).toMatchObject({ name: 'UsageError' })
      const long = demo.objects.put(name, 'n'.repeat(1000), data, { segmentSizeBytes })
      expect(await failure(long)).toMatchObject({ name: 'UsageError' })
      expect([await names(name), await names(segments)]).toEqual([[], []])
    })
  })
}
