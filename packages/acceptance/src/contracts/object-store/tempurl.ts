import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/** Temporary URLs: a signature in the query instead of a token. */
export function objectsTempUrlContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('temporary URLs', makeTarget, (scratch) => {
    const key = 'a secret key'
    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      scratch.demo.object(method, path, { headers, body })
    /** Without a token. */
    const open = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      call(method, path, { 'x-auth-token': '', ...headers }, body)
    const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds
    const signed = (text: string, digest = 'sha256', withKey = key) =>
      createHmac(digest, withKey).update(text).digest('hex')
    const full = (path: string) => `/v1/AUTH_${scratch.demo.projectId}${path}`
    const query = (values: Record<string, string | number>) =>
      `?${new URLSearchParams(Object.entries(values).map(([name, value]) => [name, String(value)])).toString()}`
    /** The path with the query that admits this method to it. */
    const urlFor = (method: string, path: string, more: Record<string, string> = {}) => {
      const expires = inSeconds(600)
      const sig = signed(`${method}\n${expires}\n${full(path)}`)
      return path + query({ temp_url_sig: sig, temp_url_expires: expires, ...more })
    }
    /** A container with a key, and an object. */
    const keyed = async (headers: Record<string, string> = {}) => {
      const name = await scratch.container()
      expectStatus(await call('POST', `/${name}`, { 'x-container-meta-temp-url-key': key }), 204)
      expectStatus(await call('PUT', `/${name}/folder/o.txt`, headers, 'data'), 201)
      return `/${name}/folder/o.txt`
    }

    test('an object is read without a token, as a download with its name', async () => {
      const path = await keyed({ 'x-object-meta-color': 'red', 'x-object-meta-public-size': 'xl' })
      const got = await open('GET', urlFor('GET', path))
      expect([got.status, got.text]).toEqual([200, 'data'])
      expect(got.headers).toMatchObject({
        'content-disposition': `attachment; filename="o.txt"; filename*=UTF-8''o.txt`,
        'x-object-meta-public-size': 'xl',
      })
      expect(got.headers['x-object-meta-color']).toBeUndefined()
      expect(Date.parse(got.headers['expires'] ?? '')).toBeGreaterThan(Date.now())
      const part = await open('GET', urlFor('GET', path), { range: 'bytes=1-2' })
      expect([part.status, part.text]).toEqual([206, 'at'])
    })

    test.each(['GET', 'PUT', 'POST', 'HEAD'])('HEAD is admitted by a signature for %s', async (method) => {
      const path = await keyed()
      const head = await open('HEAD', urlFor(method, path))
      expect([head.status, head.headers['content-length']]).toEqual([200, '4'])
    })

    test('an object is written, changed and deleted without a token', async () => {
      const path = await keyed()
      expectStatus(await open('PUT', urlFor('PUT', path), { 'x-object-meta-color': 'red' }, 'new'), 201)
      expect((await call('GET', path)).text).toBe('new')
      expectStatus(await open('POST', urlFor('POST', path), { 'x-object-meta-color': 'blue' }), 202)
      expect((await call('HEAD', path)).headers['x-object-meta-color']).toBe('blue')
      expectStatus(await open('DELETE', urlFor('DELETE', path)), 204)
      expectStatus(await call('HEAD', path), 404)
      expectStatus(await open('GET', urlFor('GET', path)), 404)
    })

    test('a signature is for one method and one path', async () => {
      const path = await keyed()
      for (const [method, signedMethod] of [
        ['PUT', 'GET'],
        ['DELETE', 'GET'],
        ['GET', 'HEAD'],
        ['GET', 'PUT'],
        ['POST', 'PUT'],
        ['HEAD', 'DELETE'],
      ] as const)
        expectStatus(await open(method, urlFor(signedMethod, path), {}, method === 'PUT' ? 'x' : undefined), 401)
      const other = urlFor('GET', path).replace('o.txt', 'other')
      const refused = await open('GET', other)
      expect([refused.status, refused.text]).toEqual([401, '401 Unauthorized: Temp URL invalid\n'])
      expect((await open('COPY', urlFor('GET', path), { destination: 'a/b' })).status).toBe(401)
      expect((await call('GET', path)).text).toBe('data')
    })

    test.each(['sha1', 'sha256', 'sha512'])('the digest %s is accepted, as hex and as base64', async (digest) => {
      const path = await keyed()
      const expires = inSeconds(600)
      const text = `GET\n${expires}\n${full(path)}`
      const base64 = createHmac(digest, key).update(text).digest('base64')
      const signatures = [
        signed(text, digest),
        `${digest}:${base64}`,
        `${digest}:${base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`,
      ]
      for (const temp_url_sig of signatures)
        expectStatus(await open('GET', path + query({ temp_url_sig, temp_url_expires: expires })), 200)
      for (const temp_url_sig of [`md5:${base64}`, `${digest}:!`, signatures[0]?.slice(2) ?? '', 'zz'])
        expectStatus(await open('GET', path + query({ temp_url_sig, temp_url_expires: expires })), 401)
    })

    test('a signature ends, and what is incomplete is none', async () => {
      const path = await keyed()
      const past = inSeconds(-10)
      const late = { temp_url_sig: signed(`GET\n${past}\n${full(path)}`), temp_url_expires: past }
      expectStatus(await open('GET', path + query(late)), 401)
      expectStatus(await open('GET', path + query({ temp_url_sig: 'a'.repeat(64) })), 401)
      expectStatus(await open('GET', path + query({ temp_url_expires: inSeconds(600) })), 401)
      expectStatus(await open('GET', path + query({ temp_url_sig: 'a'.repeat(64), temp_url_expires: 'soon' })), 401)
      const withToken = await call('GET', path + query(late))
      expectStatus(withToken, 401)
    })

    test('the time may be ISO 8601, whose seconds are signed', async () => {
      const path = await keyed()
      const expires = inSeconds(600)
      const temp_url_sig = signed(`GET\n${expires}\n${full(path)}`)
      const temp_url_expires = new Date(expires * 1000).toISOString().replace('.000Z', 'Z')
      expectStatus(await open('GET', path + query({ temp_url_sig, temp_url_expires })), 200)
    })

    test('the name of the download and whether it is shown can be chosen', async () => {
      const path = await keyed({ 'content-disposition': 'attachment; filename="own"' })
      const shown = async (more: Record<string, string>) =>
        (await open('GET', urlFor('GET', path, more))).headers['content-disposition']
      expect(await shown({})).toBe('attachment; filename="own"')
      expect(await shown({ inline: '' })).toBe('inline')
      const name = `my "ü"/é.txt`
      const [plain, encoded] = ['my %22%C3%BC%22/%C3%A9.txt', 'my%20%22%C3%BC%22/%C3%A9.txt']
      expect(await shown({ filename: name })).toBe(`attachment; filename="${plain}"; filename*=UTF-8''${encoded}`)
      expect(await shown({ filename: 'a b', inline: '' })).toBe(`inline; filename="a b"; filename*=UTF-8''a%20b`)
    })

    test('a prefix admits all objects below it', async () => {
      const path = await keyed()
      const name = path.split('/')[1] ?? ''
      const expires = inSeconds(600)
      const forPrefix = (prefix: string, withPrefix = prefix) =>
        query({
          temp_url_sig: signed(`GET\n${expires}\nprefix:${full(`/${name}/${prefix}`)}`),
          temp_url_expires: expires,
          temp_url_prefix: withPrefix,
        })
      expectStatus(await open('GET', path + forPrefix('folder/')), 200)
      expectStatus(await open('GET', path + forPrefix('')), 200)
      expectStatus(await open('GET', path + forPrefix('other/')), 401)
      expectStatus(await open('GET', path + forPrefix('fold', 'folder/')), 401)
      expectStatus(await open('GET', `/${name}${forPrefix('')}`), 401)
    })

    test('a range of addresses is part of the signature', async () => {
      const path = await keyed()
      const expires = inSeconds(600)
      const from = (range: string, signedRange = range) =>
        open(
          'GET',
          path +
            query({
              temp_url_sig: signed(`ip=${signedRange}\nGET\n${expires}\n${full(path)}`),
              temp_url_expires: expires,
              temp_url_ip_range: range,
            }),
        )
      expectStatus(await from('127.0.0.1'), 200)
      expectStatus(await from('127.0.0.0/8'), 200)
      expectStatus(await from('10.0.0.0/8'), 401)
      expectStatus(await from('127.0.0.0/8', '10.0.0.0/8'), 401)
      expectStatus(await from('nonsense'), 401)
    })

    test('any of the keys of the container and the account is good, and none after it was changed', async () => {
      const path = await keyed()
      const name = path.split('/')[1] ?? ''
      expectStatus(await call('POST', `/${name}`, { 'x-container-meta-temp-url-key': 'changed' }), 204)
      expectStatus(await open('GET', urlFor('GET', path)), 401)
      expectStatus(await call('POST', `/${name}`, { 'x-container-meta-temp-url-key-2': key }), 204)
      expectStatus(await open('GET', urlFor('GET', path)), 200)
      expectStatus(await call('POST', `/${name}`, { 'x-remove-container-meta-temp-url-key-2': 'x' }), 204)
      expectStatus(await open('GET', urlFor('GET', path)), 401)
      expectStatus(await call('POST', '', { 'x-account-meta-temp-url-key-2': key }), 204)
      scratch.later(() => call('POST', '', { 'x-remove-account-meta-temp-url-key-2': 'x' }))
      expectStatus(await open('GET', urlFor('GET', path)), 200)
    })

    test('an upload may not be a pointer to other objects, nor name other requests', async () => {
      const path = await keyed()
      for (const header of ['X-Object-Manifest', 'X-Copy-From', 'X-Symlink-Target']) {
        const answer = await open('PUT', urlFor('PUT', path), { [header]: 'c/o' }, '')
        expect([answer.status, answer.text]).toEqual([400, `The header '${header}' is not allowed in this tempurl`])
      }
      const manifest = JSON.stringify([{ path }])
      expectStatus(await open('PUT', urlFor('PUT', path, { 'multipart-manifest': 'put' }), {}, manifest), 201)
      expect((await call('GET', path)).text).toBe(manifest)
    })

    test('a large object is read with its segments as far as the key goes', async () => {
      const path = await keyed()
      const folder = path.replace(/o\.txt$/, '')
      const closed = await scratch.container()
      expectStatus(await call('PUT', `/${closed}/o`, {}, 'closed'), 201)
      for (const [large, segment] of [
        ['within', path],
        ['beyond', `/${closed}/o`],
      ] as const) {
        const manifest = JSON.stringify([{ path: segment }])
        expectStatus(await call('PUT', `${folder}${large}?multipart-manifest=put`, {}, manifest), 201)
      }
      expect((await open('GET', urlFor('GET', `${folder}within`))).text).toBe('data')
      expectStatus(await open('GET', urlFor('GET', `${folder}beyond`)), 409)
    })
  })
}
