import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import type { WireRequest } from '../wire.js'

const md5 = (data: Uint8Array | string) => createHash('md5').update(data).digest('hex')
const json = { accept: 'application/json' }
const tooSmall = 'Too small; each segment must be at least 1 byte.'

/** Swift's large objects, static (SLO) and dynamic (DLO). */
export function objectsLargeContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('large objects', makeTarget, (scratch) => {
    const call = (method: string, path: string, request?: WireRequest) => scratch.demo.object(method, path, request)
    const get = (path: string, headers: Record<string, string> = {}) => call('GET', path, { headers })
    const container = () => scratch.container()
    const putManifest = (path: string, manifest: unknown, headers = {}, query = '') =>
      call('PUT', `${path}?multipart-manifest=put${query}`, { body: JSON.stringify(manifest), headers })
    /** A container with the segments `s/0`, `s/1`, … */
    const segments = async (...parts: readonly (string | Uint8Array)[]) => {
      const name = await container()
      for (const [index, part] of parts.entries())
        expectStatus(await call('PUT', `/${name}/s/${index}`, { body: part }), 201)
      const manifest = parts.map((part, index) => ({
        path: `/${name}/s/${index}`,
        etag: md5(part),
        size_bytes: Buffer.byteLength(part),
      }))
      return { name, manifest, path: `/${name}/large` }
    }
    /** A large object of the bytes `0123456789`, in three segments. */
    const digits = async () => {
      const made = await segments('0123', '45', '6789')
      const stored = await putManifest(made.path, made.manifest, {
        'content-type': 'text/x-digits',
        'x-object-meta-color': 'red',
      })
      expectStatus(stored, 201)
      return { ...made, stored, etag: `"${md5(['0123', '45', '6789'].map(md5).join(''))}"` }
    }

    test('a static large object reads as its segments one after the other', async () => {
      const { path, stored, etag } = await digits()
      expect(stored.headers['etag']).toBe(etag)
      const answer = await get(path)
      expectStatus(answer, 200)
      expect(answer.text).toBe('0123456789')
      expect(answer.headers).toMatchObject({
        etag,
        'content-length': '10',
        'x-static-large-object': 'True',
        'x-object-meta-color': 'red',
      })
      expect(answer.headers['content-type']).toContain('text/x-digits')
      expect(answer.headers['x-manifest-etag']).toMatch(/^[0-9a-f]{32}$/)
      const head = await call('HEAD', path)
      expectStatus(head, 200)
      expect([head.headers['content-length'], head.headers['etag'], head.headers['x-static-large-object']]).toEqual([
        '10',
        etag,
        'True',
      ])
    })

    test.each([
      ['bytes=0-0', 0, 1],
      ['bytes=2-4', 2, 5],
      ['bytes=3-6', 3, 7],
      ['bytes=4-5', 4, 6],
      ['bytes=7-', 7, 10],
      ['bytes=-6', 4, 10],
      ['bytes=9-99', 9, 10],
    ])('the range %s of a large object reaches across segments', async (range, from, to) => {
      const { path, etag } = await digits()
      const answer = await get(path, { range })
      expectStatus(answer, 206)
      expect(answer.text).toBe('0123456789'.slice(from, to))
      expect(answer.headers['content-range']).toBe(`bytes ${from}-${to - 1}/10`)
      expect(answer.headers['etag']).toBe(etag)
    })

    test('a range past the end of a large object is 416, and conditions go by its own ETag', async () => {
      const { path, etag } = await digits()
      expectStatus(await get(path, { range: 'bytes=10-' }), 416)
      expectStatus(await get(path, { 'if-none-match': etag }), 304)
      expectStatus(await get(path, { 'if-match': etag }), 200)
      expectStatus(await get(path, { 'if-match': md5('other') }), 412)
    })

    test('a manifest is shown, as it is kept and as it was sent', async () => {
      const { name, path, manifest } = await digits()
      const kept = await get(`${path}?multipart-manifest=get`)
      expectStatus(kept, 200)
      expect(kept.headers['content-type']).toContain('application/json')
      expect(kept.headers['etag']).toBe(md5(kept.bytes))
      expect(kept.json<object[]>()[1]).toMatchObject({
        name: `/${name}/s/1`,
        bytes: 2,
        hash: md5('45'),
        content_type: 'application/octet-stream',
        last_modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/) as string,
      })
      const raw = await get(`${path}?multipart-manifest=get&format=raw`)
      expectStatus(raw, 200)
      expect(raw.json()).toEqual(manifest)
      const head = await call('HEAD', `${path}?multipart-manifest=get`)
      expect(head.headers['content-length']).toBe(String(kept.bytes.length))
    })

    test('segments may be parts of objects, named twice, and bytes in the manifest itself', async () => {
      const { name, path } = await segments('0123456789')
      const whole = { path: `/${name}/s/0` }
      const manifest = [
        { ...whole, range: '2-3' },
        { data: Buffer.from('ab').toString('base64') },
        { ...whole, range: '-2' },
        { ...whole, range: '0-9' },
      ]
      const stored = await putManifest(path, manifest)
      expectStatus(stored, 201)
      const hash = md5('0123456789')
      expect(stored.headers['etag']).toBe(`"${md5(`${hash}:2-3;${md5('ab')}${hash}:8-9;${hash}`)}"`)
      expect((await get(path)).text).toBe('23ab890123456789')
      expect((await get(path, { range: 'bytes=1-4' })).text).toBe('3ab8')
    })

    test('a large object is a segment of another', async () => {
      const { name, path, etag } = await digits()
      const outer = [{ path, etag: etag.replaceAll('"', ''), size_bytes: 10 }, { path: `/${name}/s/1` }]
      expectStatus(await putManifest(`/${name}/outer`, outer), 201)
      expect((await get(`/${name}/outer`)).text).toBe('012345678945')
      expect((await get(`/${name}/outer`, { range: 'bytes=8-10' })).text).toBe('894')
      const [first] = (await get(`/${name}/outer?multipart-manifest=get`)).json<object[]>()
      expect(first).toMatchObject({ sub_slo: true, bytes: expect.any(Number) as number })
    })

    test.each<[string, unknown, RegExp]>([
      ['no JSON', undefined, /valid JSON/],
      ['no list', { path: '/c/o' }, /must be a list/],
      ['an entry that is no object', ['x'], /Index 0: not a JSON object/],
      ['a key too many', [{ path: '/c/o', hash: 'x' }], /Index 0: extraneous keys "hash"/],
      ['a path without an object', [{ path: '/c' }], /Index 0: path does not refer to an object/],
      ['a path that is no text', [{ path: 5 }], /Index 0: "path" must be a string/],
      ['an ETag that is no text', [{ path: '/c/o', etag: 5 }], /Index 0: "etag" must be a string/],
      ['a size that is no number', [{ path: '/c/o', size_bytes: 'x' }], /Index 0: invalid size_bytes/],
      ['an empty segment', [{ path: '/c/o', size_bytes: 0 }, { path: '/c/o' }], /Index 0: too small/],
      ['a range that is none', [{ path: '/c/o', range: 'x' }], /Index 0: invalid range/],
      ['two ranges', [{ path: '/c/o', range: '0-1,3-4' }], /Index 0: multiple ranges/],
      ['a range outside', [{ path: '/c/o', size_bytes: 5, range: '7-9' }], /Index 0: unsatisfiable range/],
      ['data that is no base64', [{ path: '/c/o' }, { data: '?' }], /Index 1: data must be valid base64/],
      ['nothing but data', [{ data: 'YQ==' }], /require at least one/],
    ])('a manifest with %s is 400 and says where', async (_, manifest, message) => {
      const name = await container()
      const answer =
        manifest === undefined
          ? await call('PUT', `/${name}/o?multipart-manifest=put`, { body: '{' })
          : await putManifest(`/${name}/o`, manifest)
      expectStatus(answer, 400)
      expect(answer.text).toMatch(message)
      expectStatus(await call('HEAD', `/${name}/o`), 404)
    })

    test('a manifest is no segment of itself', async () => {
      const name = await container()
      const answer = await putManifest(`/${name}/o`, [{ path: `/${name}/o` }])
      expectStatus(answer, 400)
      expect(answer.text).toContain('must not include itself')
    })

    test('segments that are not as the manifest says are listed, and nothing is stored', async () => {
      const { name, path, manifest } = await segments('0123', '45', '', '6')
      const [first, second, empty, last] = manifest
      const wrong = [
        { ...first, etag: md5('x') },
        { ...second, size_bytes: 3 },
        { path: empty?.path },
        { path: `/${name}/ab sent` },
        { ...last, range: undefined, size_bytes: undefined, etag: undefined },
      ]
      const answer = await putManifest(path, wrong, json)
      expectStatus(answer, 400)
      const { Errors: problems } = answer.json<{ Errors: [string, string][] }>()
      expect(problems).toHaveLength(4)
      expect(Object.fromEntries(problems)).toEqual({
        [`/${name}/s/0`]: 'Etag Mismatch',
        [`/${name}/s/1`]: 'Size Mismatch',
        [`/${name}/s/2`]: tooSmall,
        [`/${name}/ab%20sent`]: '404 Not Found',
      })
      const text = await putManifest(path, wrong.slice(0, 1))
      expect(text.text).toBe(`Errors:\n/${name}/s/0, Etag Mismatch\n`)
      expectStatus(await call('HEAD', path), 404)
    })

    test('an ETag of the sender must be that of the large object', async () => {
      const { path, manifest } = await segments('0123', '45')
      expectStatus(await putManifest(path, manifest, { etag: md5('other') }), 422)
      expectStatus(await call('HEAD', path), 404)
      const etag = md5(md5('0123') + md5('45'))
      expectStatus(await putManifest(path, manifest, { etag }), 201)
    })

    test('more than 1000 segments are 413', async () => {
      const { name, path } = await segments('x')
      const manifest = Array.from({ length: 1001 }, () => ({ path: `/${name}/s/0` }))
      expectStatus(await putManifest(path, manifest), 413)
      expectStatus(await putManifest(path, manifest.slice(1)), 201)
      expect((await get(path, { range: 'bytes=0-4' })).text).toBe('xxxxx')
    })

    test('with a heartbeat the answer is 202 at once, and the outcome in its body', async () => {
      const { path, manifest } = await segments('0123', '45')
      const good = await putManifest(path, manifest, json, '&heartbeat=on')
      expectStatus(good, 202)
      expect(good.json()).toMatchObject({
        'Response Status': '201 Created',
        Etag: `"${md5(md5('0123') + md5('45'))}"`,
        Errors: [],
      })
      const bad = await putManifest(path, [{ ...manifest[0], size_bytes: 9 }], json, '&heartbeat=on')
      expectStatus(bad, 202)
      expect(bad.json()).toMatchObject({
        'Response Status': '400 Bad Request',
        Errors: [[manifest[0]?.path, 'Size Mismatch']],
      })
    })

    test('a listing shows the size of the whole, and counts the bytes of the manifest', async () => {
      const { name, etag } = await digits()
      const listing = await get(`/${name}?format=json&prefix=large`)
      expect(listing.json<object[]>()[0]).toMatchObject({ name: 'large', bytes: 10, slo_etag: etag })
      const manifest = await get(`/${name}/large?multipart-manifest=get`)
      const stats = await call('HEAD', `/${name}`)
      expect(Number(stats.headers['x-container-bytes-used'])).toBe(10 + manifest.bytes.length)
    })

    test('a large object whose segment was replaced or deleted is 409', async () => {
      const { name, path } = await digits()
      expectStatus(await call('PUT', `/${name}/s/0`, { body: 'abcd' }), 201)
      expectStatus(await get(path), 409)
      expectStatus(await call('DELETE', `/${name}/s/0`), 204)
      expectStatus(await get(path), 409)
      expect((await get(path, { range: 'bytes=4-' })).text).toBe('456789')
    })

    test('a later segment that is missing cuts the answer short', async () => {
      const { name, path } = await segments(randomDisk(1 << 20), randomDisk(1000))
      const manifest = [{ path: `/${name}/s/0` }, { path: `/${name}/s/1` }]
      expectStatus(await putManifest(path, manifest), 201)
      expectStatus(await call('DELETE', `/${name}/s/1`), 204)
      await expect(get(path)).rejects.toThrow(/aborted|hang up|ECONNRESET/i)
    })

    test('deleting a manifest leaves its segments, unless they are to go too', async () => {
      const { name, path, manifest } = await digits()
      expectStatus(await call('DELETE', path), 204)
      expectStatus(await call('HEAD', `/${name}/s/0`), 200)
      expectStatus(await putManifest(path, manifest), 201)
      expectStatus(await putManifest(`/${name}/outer`, [{ path }]), 201)
      const deleted = await call('DELETE', `/${name}/outer?multipart-manifest=delete`, { headers: json })
      expectStatus(deleted, 200)
      expect(deleted.json()).toEqual({
        'Response Status': '200 OK',
        'Response Body': '',
        'Number Deleted': 5,
        'Number Not Found': 0,
        Errors: [],
      })
      expectStatus(await get(`/${name}`), 204)
    })

    test('deleting with segments what is not there or not large is said in the body', async () => {
      const { name } = await segments('x')
      const absent = await call('DELETE', `/${name}/absent?multipart-manifest=delete`, { headers: json })
      expectStatus(absent, 200)
      expect(absent.json()).toMatchObject({ 'Response Status': '200 OK', 'Number Not Found': 1, Errors: [] })
      const plain = await call('DELETE', `/${name}/s/0?multipart-manifest=delete`)
      expectStatus(plain, 200)
      expect(plain.text).toContain('Response Status: 400 Bad Request')
      expect(plain.text).toContain(`/${name}/s/0, Not an SLO manifest`)
      expectStatus(await call('HEAD', `/${name}/s/0`), 200)
    })

    test('a large object is copied as one object, or as a manifest', async () => {
      const { name, path, etag } = await digits()
      expectStatus(await call('COPY', path, { headers: { destination: `${name}/flat` } }), 201)
      const flat = await get(`/${name}/flat`)
      expect([flat.text, flat.headers['etag'], flat.headers['x-static-large-object']]).toEqual([
        '0123456789',
        md5('0123456789'),
        undefined,
      ])
      const headers = { destination: `${name}/again` }
      expectStatus(await call('COPY', `${path}?multipart-manifest=get`, { headers }), 201)
      const again = await get(`/${name}/again`)
      expect([again.text, again.headers['etag'], again.headers['x-static-large-object']]).toEqual([
        '0123456789',
        etag,
        'True',
      ])
    })

    test('metadata of a large object changes, and it stays large', async () => {
      const { path } = await digits()
      expectStatus(await call('POST', path, { headers: { 'x-object-meta-color': 'blue' } }), 202)
      const answer = await get(path)
      expect([answer.text, answer.headers['x-object-meta-color']]).toEqual(['0123456789', 'blue'])
    })

    test('a large object is overwritten by a plain one', async () => {
      const { path } = await digits()
      expectStatus(await call('PUT', path, { body: 'plain' }), 201)
      const answer = await get(path)
      expect([answer.text, answer.headers['etag'], answer.headers['x-static-large-object']]).toEqual([
        'plain',
        md5('plain'),
        undefined,
      ])
    })

    test('a dynamic large object reads as all objects that begin so, whenever they came', async () => {
      const { name } = await segments('0123', '45')
      const headers = { 'x-object-manifest': `${name}/s/`, 'x-object-meta-color': 'red' }
      expectStatus(await call('PUT', `/${name}/d`, { body: '', headers }), 201)
      const read = async () => (await get(`/${name}/d`)).text
      expect(await read()).toBe('012345')
      expectStatus(await call('PUT', `/${name}/s/2`, { body: '6789' }), 201)
      expect(await read()).toBe('0123456789')
      const head = await call('HEAD', `/${name}/d`)
      expect(head.headers).toMatchObject({
        'x-object-manifest': `${name}/s/`,
        'x-object-meta-color': 'red',
        'content-length': '10',
        etag: `"${md5(['0123', '45', '6789'].map(md5).join(''))}"`,
      })
      const part = await get(`/${name}/d`, { range: 'bytes=3-6' })
      expectStatus(part, 206)
      expect([part.text, part.headers['content-range']]).toEqual(['3456', 'bytes 3-6/10'])
      expectStatus(await get(`/${name}/d`, { range: 'bytes=10-' }), 416)
      expect((await get(`/${name}/d?multipart-manifest=get`)).text).toBe('')
      expectStatus(await call('DELETE', `/${name}/d`), 204)
      expectStatus(await call('HEAD', `/${name}/s/0`), 200)
    })

    test('a dynamic large object without segments is empty', async () => {
      const name = await container()
      const headers = { 'x-object-manifest': `${name}/none/` }
      expectStatus(await call('PUT', `/${name}/d`, { body: 'ignored', headers }), 201)
      const answer = await get(`/${name}/d`)
      expect([answer.text, answer.headers['content-length']]).toEqual(['', '0'])
    })

    test.each(['nowhere', 'c/', '/c', 'c//o', 'c/o?x', 'c/o&x'])(
      'the X-Object-Manifest %j is 400',
      async (manifest) => {
        const name = await container()
        const headers = { 'x-object-manifest': manifest }
        expectStatus(await call('PUT', `/${name}/d`, { body: '', headers }), 400)
      },
    )
  })
}
