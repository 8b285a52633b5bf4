import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import type { WireRequest } from '../wire.js'

interface Listed {
  name?: string
  subdir?: string
  bytes: number
  hash: string
  content_type: string
  last_modified: string
  count?: number
}

const md5 = (data: Uint8Array | string) => createHash('md5').update(data).digest('hex')

/** Swift's accounts, containers and objects, as far as images need them. */
export function objectsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('objects', makeTarget, (scratch) => {
    const call = (method: string, path: string, request?: WireRequest) => scratch.demo.object(method, path, request)
    const container = () => scratch.container()
    const put = (path: string, body: WireRequest['body'], headers = {}) => call('PUT', path, { body, headers })
    const names = async (path: string) => {
      const answer = await call('GET', path, { headers: { accept: 'application/json' } })
      expectStatus(answer, 200)
      return answer.json<Listed[]>().map((each) => each.name ?? each.subdir)
    }

    test('a container is created, created again, and deleted once', async () => {
      const name = scratch.name()
      const made = await call('PUT', `/${name}`)
      expectStatus(made, 201)
      expect(made.headers['x-trans-id']).toMatch(/^tx/)
      expectStatus(await call('PUT', `/${name}`), 202)
      expectStatus(await call('HEAD', `/${name}`), 204)
      expectStatus(await call('DELETE', `/${name}`), 204)
      expectStatus(await call('DELETE', `/${name}`), 404)
      expectStatus(await call('HEAD', `/${name}`), 404)
      expectStatus(await call('GET', `/${name}`), 404)
    })

    test('the account lists its containers, as text and as JSON', async () => {
      const name = await container()
      await put(`/${name}/o`, '12345')
      const text = await call('GET', `?prefix=${name}`)
      expectStatus(text, 200)
      expect(text.text).toBe(`${name}\n`)
      const json = await call('GET', `?prefix=${name}&format=json`)
      expect(json.headers['content-type']).toContain('application/json')
      expect(json.json<Listed[]>().map((each) => each.name)).toEqual([name])
      const head = await call('HEAD', '')
      expectStatus(head, 204)
      expect(Number(head.headers['x-account-container-count'])).toBeGreaterThanOrEqual(0)
    })

    test('an object is stored with its hash and comes back byte for byte', async () => {
      const name = await container()
      const data = randomDisk(200_000)
      const stored = await put(`/${name}/o`, data, { 'content-type': 'application/x-image' })
      expectStatus(stored, 201)
      expect(stored.headers['etag']).toBe(md5(data))
      const answer = await call('GET', `/${name}/o`)
      expectStatus(answer, 200)
      expect(answer.bytes.equals(data)).toBe(true)
      expect(answer.headers['etag']).toBe(md5(data))
      expect(answer.headers['content-length']).toBe('200000')
      expect(answer.headers['content-type']).toContain('application/x-image')
      expect(answer.headers['accept-ranges']).toBe('bytes')
      expect(answer.headers['last-modified']).toMatch(/GMT$/)
      expect(answer.headers['x-timestamp']).toMatch(/^\d+\.\d{5}$/)
    })

    test('HEAD tells the same without the bytes', async () => {
      const name = await container()
      await put(`/${name}/o`, '12345')
      const head = await call('HEAD', `/${name}/o`)
      expectStatus(head, 200)
      expect([head.headers['content-length'], head.headers['etag'], head.text]).toEqual(['5', md5('12345'), ''])
      const stats = await call('HEAD', `/${name}`)
      expect([stats.headers['x-container-object-count'], stats.headers['x-container-bytes-used']]).toEqual(['1', '5'])
    })

    test('an object may come in chunks, and a later one takes its place', async () => {
      const name = await container()
      expectStatus(await put(`/${name}/o`, [Buffer.from('ab'), Buffer.from('cd')]), 201)
      expect((await call('GET', `/${name}/o`)).text).toBe('abcd')
      expectStatus(await put(`/${name}/o`, 'new'), 201)
      expect((await call('GET', `/${name}/o`)).text).toBe('new')
      expect(await names(`/${name}`)).toEqual(['o'])
    })

    test('an ETag of the sender that differs from the data is 422 and stores nothing', async () => {
      const name = await container()
      expectStatus(await put(`/${name}/o`, '12345', { etag: md5('other') }), 422)
      expectStatus(await call('HEAD', `/${name}/o`), 404)
      expectStatus(await put(`/${name}/o`, '12345', { etag: md5('12345') }), 201)
    })

    test('an object needs its container', async () => {
      expectStatus(await put(`/${scratch.name()}/o`, 'x'), 404)
      const name = await container()
      expectStatus(await call('GET', `/${name}/absent`), 404)
      expectStatus(await call('DELETE', `/${name}/absent`), 404)
    })

    test.each([
      ['bytes=0-4', 0, 5],
      ['bytes=990-', 990, 1000],
      ['bytes=-10', 990, 1000],
      ['bytes=995-5000', 995, 1000],
    ])('the range %s is answered in part', async (range, from, to) => {
      const name = await container()
      const data = randomDisk(1000)
      await put(`/${name}/o`, data)
      const answer = await call('GET', `/${name}/o`, { headers: { range } })
      expectStatus(answer, 206)
      expect(answer.bytes.equals(data.subarray(from, to))).toBe(true)
      expect(answer.headers['content-range']).toBe(`bytes ${from}-${to - 1}/1000`)
      expect(answer.headers['etag']).toBe(md5(data))
    })

    test('a range past the end is 416, a malformed one is ignored', async () => {
      const name = await container()
      await put(`/${name}/o`, Buffer.alloc(1000))
      expectStatus(await call('GET', `/${name}/o`, { headers: { range: 'bytes=1000-' } }), 416)
      expectStatus(await call('GET', `/${name}/o`, { headers: { range: 'bytes=x-y' } }), 200)
    })

    test('conditions on the ETag are kept', async () => {
      const name = await container()
      await put(`/${name}/o`, '12345')
      const ask = (headers: Record<string, string>) => call('GET', `/${name}/o`, { headers })
      expectStatus(await ask({ 'if-none-match': md5('12345') }), 304)
      expectStatus(await ask({ 'if-match': md5('other') }), 412)
      expectStatus(await ask({ 'if-match': md5('12345') }), 200)
      expectStatus(await put(`/${name}/o`, 'x', { 'if-none-match': '*' }), 412)
    })

    test('a listing has name, size, hash and type, in order of names', async () => {
      const name = await container()
      for (const object of ['b', 'a/x', 'a/y', 'ü']) await put(`/${name}/${encodeURIComponent(object)}`, object)
      const text = await call('GET', `/${name}`)
      expectStatus(text, 200)
      expect(text.headers['content-type']).toContain('text/plain')
      expect(text.text).toBe('a/x\na/y\nb\nü\n')
      const json = await call('GET', `/${name}?format=json`)
      const [first] = json.json<Listed[]>()
      expect(first).toMatchObject({ name: 'a/x', bytes: 3, hash: md5('a/x'), content_type: 'application/octet-stream' })
      expect(first?.last_modified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
      expect(json.headers['x-container-object-count']).toBe('4')
    })

    test('listings page by limit and marker, and narrow by prefix, end_marker and delimiter', async () => {
      const name = await container()
      for (const object of ['a', 'b/1', 'b/2', 'c']) await put(`/${name}/${encodeURIComponent(object)}`, object)
      expect(await names(`/${name}?limit=2`)).toEqual(['a', 'b/1'])
      expect(await names(`/${name}?limit=2&marker=b/1`)).toEqual(['b/2', 'c'])
      expect(await names(`/${name}?prefix=b/`)).toEqual(['b/1', 'b/2'])
      expect(await names(`/${name}?end_marker=c`)).toEqual(['a', 'b/1', 'b/2'])
      expect(await names(`/${name}?delimiter=/`)).toEqual(['a', 'b/', 'c'])
      expect(await names(`/${name}?marker=c`)).toEqual([])
      expectStatus(await call('GET', `/${name}?limit=100000`), 412)
    })

    test('an empty listing as text is 204, as JSON 200', async () => {
      const name = await container()
      expectStatus(await call('GET', `/${name}`), 204)
      expect(await names(`/${name}`)).toEqual([])
    })

    test('metadata of objects is replaced by POST, that of containers is added to', async () => {
      const name = await container()
      expectStatus(await put(`/${name}/o`, 'x', { 'x-object-meta-color': 'red', 'x-object-meta-size': 'xl' }), 201)
      const object = async () => (await call('HEAD', `/${name}/o`)).headers
      expect((await object())['x-object-meta-color']).toBe('red')
      expectStatus(await call('POST', `/${name}/o`, { headers: { 'x-object-meta-color': 'blue' } }), 202)
      expect((await object())['x-object-meta-color']).toBe('blue')
      expect((await object())['x-object-meta-size']).toBeUndefined()
      expectStatus(await call('POST', `/${name}`, { headers: { 'x-container-meta-a': '1' } }), 204)
      expectStatus(await call('POST', `/${name}`, { headers: { 'x-container-meta-b': '2' } }), 204)
      const stats = await call('HEAD', `/${name}`)
      expect([stats.headers['x-container-meta-a'], stats.headers['x-container-meta-b']]).toEqual(['1', '2'])
      expectStatus(await call('POST', `/${name}`, { headers: { 'x-remove-container-meta-a': 'x' } }), 204)
      expect((await call('HEAD', `/${name}`)).headers['x-container-meta-a']).toBeUndefined()
      expectStatus(await call('POST', `/${name}/absent`, { headers: { 'x-object-meta-a': '1' } }), 404)
    })

    test('an object is copied within the account, either way round', async () => {
      const name = await container()
      await put(`/${name}/o`, '12345', { 'x-object-meta-color': 'red' })
      const copied = await call('COPY', `/${name}/o`, { headers: { destination: `${name}/copy` } })
      expectStatus(copied, 201)
      expect(copied.headers['x-copied-from']).toBe(`${name}/o`)
      const copy = await call('GET', `/${name}/copy`)
      expect([copy.text, copy.headers['x-object-meta-color']]).toEqual(['12345', 'red'])
      expectStatus(await put(`/${name}/again`, '', { 'x-copy-from': `/${name}/o` }), 201)
      expect((await call('GET', `/${name}/again`)).text).toBe('12345')
    })

    test('a container with objects is not deleted', async () => {
      const name = await container()
      await put(`/${name}/o`, 'x')
      expectStatus(await call('DELETE', `/${name}`), 409)
      expectStatus(await call('DELETE', `/${name}/o`), 204)
      expectStatus(await call('DELETE', `/${name}`), 204)
    })

    test.each(['a b', 'c?d', 'e#f', 'g%h', 'ü☃', 'i/j//k', '.hidden'])('the object name %j is kept', async (object) => {
      const name = await container()
      expectStatus(await put(`/${name}/${object.split('/').map(encodeURIComponent).join('/')}`, object), 201)
      expect(await names(`/${name}`)).toEqual([object])
      expect((await call('GET', `/${name}/${encodeURIComponent(object)}`)).text).toBe(object)
    })

    test("another project's account is 403, without a token 401", async () => {
      const name = await container()
      await put(`/${name}/o`, 'x')
      const headers = { 'x-auth-token': scratch.alt.token }
      expectStatus(await call('GET', `/${name}/o`, { headers }), 403)
      expectStatus(await call('GET', `/${name}/o`, { headers: { 'x-auth-token': '' } }), 401)
      expectStatus(await call('GET', `/${name}/o`, { headers: { 'x-auth-token': 'unknown' } }), 401)
    })

    test('a container name of 257 characters is 400', async () => {
      expectStatus(await call('PUT', `/${'c'.repeat(257)}`), 400)
    })
  })
}
