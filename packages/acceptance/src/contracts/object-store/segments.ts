import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import type { WireRequest } from '../wire.js'

const md5 = (data: Uint8Array | string) => createHash('md5').update(data).digest('hex')

/**
 * How large objects interact with copies, containers, types and each other: behaviour that third-party clients rely on.
 */
export function objectsSegmentsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('segments of large objects', makeTarget, (scratch) => {
    const call = (method: string, path: string, request?: WireRequest) => scratch.demo.object(method, path, request)
    const put = (path: string, body: WireRequest['body'], headers = {}) => call('PUT', path, { body, headers })
    const text = async (path: string, headers = {}) => (await call('GET', path, { headers })).text
    const container = () => scratch.container()
    /** A container with the segments `s/0`, `s/1`, … */
    const segments = async (...parts: readonly string[]) => {
      const name = await container()
      for (const [index, part] of parts.entries()) expectStatus(await put(`/${name}/s/${index}`, part), 201)
      return name
    }
    const putStatic = (path: string, paths: readonly string[], headers = {}) =>
      put(`${path}?multipart-manifest=put`, JSON.stringify(paths.map((each) => ({ path: each }))), headers)
    const dynamic = (prefix: string) => ({ 'x-object-manifest': prefix })

    test('a dynamic large object whose container is not there is not there either, but for its manifest', async () => {
      const name = await container()
      expectStatus(await put(`/${name}/d`, '', dynamic(`${scratch.name()}/s/`)), 201)
      expectStatus(await call('GET', `/${name}/d`), 404)
      expectStatus(await call('HEAD', `/${name}/d`), 404)
      expectStatus(await call('GET', `/${name}/d?multipart-manifest=get`), 200)
    })

    test('a dynamic large object may lie among its own segments', async () => {
      const name = await container()
      for (const part of ['0123', '45']) expectStatus(await put(`/${name}/o/${part}`, part), 201)
      expectStatus(await put(`/${name}/o`, '', dynamic(`${name}/o`)), 201)
      const answer = await call('GET', `/${name}/o`)
      expect(answer.text).toBe('012345')
      expect(answer.headers['etag']).toBe(`"${md5(['', '0123', '45'].map(md5).join(''))}"`)
      expect(await text(`/${name}/o`, { range: 'bytes=3-4' })).toBe('34')
    })

    test('a dynamic large object among the segments of another counts with its own bytes', async () => {
      const name = await segments('01', '23')
      expectStatus(await put(`/${name}/t/0`, 'own', dynamic(`${name}/s/`)), 201)
      expectStatus(await put(`/${name}/t/1`, '45'), 201)
      expectStatus(await put(`/${name}/d`, '', dynamic(`${name}/t/`)), 201)
      expect(await text(`/${name}/t/0`)).toBe('0123')
      expect(await text(`/${name}/d`)).toBe('own45')
    })

    test('a dynamic large object is taken for a segment of a static one, and not read as one', async () => {
      const name = await segments('01', '23')
      expectStatus(await put(`/${name}/d`, '', dynamic(`${name}/s/`)), 201)
      expectStatus(await putStatic(`/${name}/o`, [`/${name}/d`, `/${name}/s/0`]), 201)
      expectStatus(await call('GET', `/${name}/o`), 409)
    })

    test('metadata that is set without the manifest makes a dynamic large object a plain one', async () => {
      const name = await segments('01', '23')
      expectStatus(await put(`/${name}/d`, '', dynamic(`${name}/s/`)), 201)
      expectStatus(await call('POST', `/${name}/d`, { headers: { 'x-object-meta-a': '1' } }), 202)
      const answer = await call('GET', `/${name}/d`)
      expect([answer.text, answer.headers['x-object-manifest']]).toEqual(['', undefined])
    })

    test('the large object that a copy is of keeps its name as a path', async () => {
      const name = await container()
      const object = "a b/ü?'(!)/c"
      const path = `/${name}/${encodeURIComponent(object)}`
      expectStatus(await put(path, '01'), 201)
      const copied = await call('COPY', path, { headers: { destination: `${name}/copy` } })
      expectStatus(copied, 201)
      expect(copied.headers['x-copied-from']).toBe(`${name}/a%20b/%C3%BC%3F%27%28%21%29/c`)
    })

    test('the copy of a manifest is checked as a manifest is', async () => {
      const name = await segments('01', '23')
      expectStatus(await putStatic(`/${name}/o`, [`/${name}/s/0`, `/${name}/s/1`]), 201)
      const copy = (to: string) =>
        call('COPY', `/${name}/o?multipart-manifest=get`, { headers: { destination: `${name}/${to}` } })
      const copied = await copy('p')
      expectStatus(copied, 201)
      expect(copied.headers['etag']).toBe(`"${md5(md5('01') + md5('23'))}"`)
      expectStatus(await call('DELETE', `/${name}/s/1`), 204)
      const refused = await copy('q')
      expectStatus(refused, 400)
      expect(refused.text).toContain(`/${name}/s/1, 404 Not Found`)
      expectStatus(await call('HEAD', `/${name}/q?multipart-manifest=get`), 404)
    })

    test('a large object whose segments are gone is not copied', async () => {
      const name = await segments('01', '23')
      expectStatus(await putStatic(`/${name}/o`, [`/${name}/s/0`, `/${name}/s/1`]), 201)
      expectStatus(await call('DELETE', `/${name}/s/0`), 204)
      expectStatus(await call('COPY', `/${name}/o`, { headers: { destination: `${name}/copy` } }), 409)
      expectStatus(await call('HEAD', `/${name}/copy`), 404)
    })

    test('a part of an object is copied, a large one too', async () => {
      const name = await segments('0123', '45')
      expectStatus(await putStatic(`/${name}/o`, [`/${name}/s/0`, `/${name}/s/1`]), 201)
      const headers = { destination: `${name}/copy`, range: 'bytes=2-4' }
      expectStatus(await call('COPY', `/${name}/o`, { headers }), 201)
      expect(await text(`/${name}/copy`)).toBe('234')
      expectStatus(await call('COPY', `/${name}/s/0`, { headers: { ...headers, range: 'bytes=7-' } }), 416)
    })

    test('a copy takes no body', async () => {
      const name = await segments('01')
      expectStatus(await put(`/${name}/copy`, 'body', { 'x-copy-from': `/${name}/s/0` }), 400)
    })

    test('a header alone makes no static large object', async () => {
      const name = await container()
      expectStatus(await put(`/${name}/o`, '[]', { 'x-static-large-object': 'true' }), 400)
      expectStatus(await call('HEAD', `/${name}/o`), 404)
    })

    test('a manifest for a container that is not there is 404', async () => {
      const name = await segments('01')
      expectStatus(await putStatic(`/${scratch.name()}/o`, [`/${name}/s/0`]), 404)
    })

    test.each([
      ['a.txt', 'text/plain'],
      ['a.json', 'application/json'],
      ['a.tar.gz', 'application/x-tar'],
      ['a.zip', 'application/zip'],
      ['a.html', 'text/html'],
      ['a.qcow2', 'application/octet-stream'],
      ['a', 'application/octet-stream'],
    ])('the type of %s is %s when nobody says it', async (object, type) => {
      const name = await segments('01')
      expectStatus(await put(`/${name}/${object}`, 'x'), 201)
      expect((await call('HEAD', `/${name}/${object}`)).headers['content-type']?.split(';')[0]).toBe(type)
      expectStatus(await putStatic(`/${name}/static-${object}`, [`/${name}/s/0`]), 201)
      expect((await call('HEAD', `/${name}/static-${object}`)).headers['content-type']?.split(';')[0]).toBe(type)
    })

    test('segments that are gone already are counted when the rest is deleted', async () => {
      const name = await segments('01', '23')
      expectStatus(await putStatic(`/${name}/o`, [`/${name}/s/0`, `/${name}/s/1`]), 201)
      expectStatus(await call('DELETE', `/${name}/s/0`), 204)
      const headers = { accept: 'application/json' }
      const deleted = await call('DELETE', `/${name}/o?multipart-manifest=delete`, { headers })
      expect(deleted.json()).toMatchObject({ 'Response Status': '200 OK', 'Number Deleted': 2, 'Number Not Found': 1 })
      expectStatus(await call('GET', `/${name}`), 204)
    })

    test('the segments of a large object may be deleted later', async () => {
      const name = await segments('01', '23')
      expectStatus(await putStatic(`/${name}/o`, [`/${name}/s/0`, `/${name}/s/1`]), 201)
      expectStatus(await call('DELETE', `/${name}/s/0?multipart-manifest=delete&async=on`), 400)
      expectStatus(await call('DELETE', `/${name}/absent?multipart-manifest=delete&async=on`), 404)
      expectStatus(await call('DELETE', `/${name}/o?multipart-manifest=delete&async=on`), 204)
      expectStatus(await call('HEAD', `/${name}/o`), 404)
    })

    test('a part of a static large object is read by its number', async () => {
      const name = await segments('0123', '45', '6')
      expectStatus(
        await putStatic(
          `/${name}/o`,
          [0, 1, 2].map((index) => `/${name}/s/${index}`),
        ),
        201,
      )
      const part = await call('GET', `/${name}/o?part-number=2`)
      expectStatus(part, 206)
      expect([part.text, part.headers['content-range'], part.headers['x-parts-count']]).toEqual([
        '45',
        'bytes 4-5/7',
        '3',
      ])
      expectStatus(await call('GET', `/${name}/o?part-number=4`), 416)
      expectStatus(await call('GET', `/${name}/o?part-number=0`), 400)
    })

    test('every answer has its id twice', async () => {
      const { headers } = await call('HEAD', '')
      expect(headers['x-openstack-request-id']).toBe(headers['x-trans-id'])
    })
  })
}
