import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/** Who may do what in a container: its access lists, and the roles of Keystone. */
export function objectsAclContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('container access lists', makeTarget, (scratch) => {
    /** A request to demo's account, by default with demo's token. */
    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      scratch.demo.object(method, path, { headers, body })
    const anonymous = { 'x-auth-token': '' }
    const alt = () => ({ 'x-auth-token': scratch.alt.token })
    const reader = () => ({ 'x-auth-token': scratch.target.reader.token })
    /** A container with the object `o`, and these access lists. */
    const shared = async (lists: Record<string, string>) => {
      const name = await scratch.container()
      expectStatus(await call('PUT', `/${name}/o`, {}, 'data'), 201)
      expectStatus(await call('POST', `/${name}`, lists), 204)
      return `/${name}`
    }
    const statuses = async (path: string, headers: Record<string, string>) => {
      const reads = [await call('GET', path, headers), await call('HEAD', path, headers)]
      const objects = [await call('GET', `${path}/o`, headers), await call('HEAD', `${path}/o`, headers)]
      return [...reads, ...objects].map(({ status }) => status)
    }

    test('a user of another project reads what a list names it for, and nothing else', async () => {
      const { projectId, userId, username, projectName } = scratch.alt
      const lists = [
        `${projectId}:${userId}`,
        `${projectId}:*`,
        `*:${userId}`,
        '*:*',
        `${projectName}:${username}`,
        `other:one,*:${username}`,
      ]
      for (const list of lists) {
        const path = await shared({ 'x-container-read': list })
        expect([list, ...(await statuses(path, alt()))]).toEqual([list, 200, 204, 200, 200])
        expect(await statuses(path, anonymous)).toEqual([401, 401, 401, 401])
        for (const [method, at] of [
          ['PUT', `${path}/new`],
          ['POST', `${path}/o`],
          ['DELETE', `${path}/o`],
          ['POST', path],
          ['PUT', path],
          ['DELETE', path],
          ['GET', ''],
          ['HEAD', ''],
          ['POST', ''],
        ] as const)
          expectStatus(await call(method, at, alt()), 403)
      }
    })

    test('a list that names others, and none, admit no stranger', async () => {
      for (const list of [`${scratch.demo.projectId}:*`, `${scratch.alt.projectId}:other`, 'other:*', 'member']) {
        const path = await shared({ 'x-container-read': list, 'x-container-write': list })
        expect(await statuses(path, alt())).toEqual([403, 403, 403, 403])
        expectStatus(await call('PUT', `${path}/new`, alt(), 'x'), 403)
      }
      expectStatus(await call('GET', `/${scratch.name()}`, alt()), 403)
      expectStatus(await call('PUT', `/${scratch.name()}/o`, alt(), 'x'), 403)
    })

    test('a write list opens objects for writing, not for reading', async () => {
      const path = await shared({ 'x-container-write': `${scratch.alt.projectId}:*` })
      expectStatus(await call('PUT', `${path}/new`, alt(), 'x'), 201)
      expectStatus(await call('POST', `${path}/new`, { ...alt(), 'x-object-meta-color': 'red' }), 202)
      expect(await statuses(path, alt())).toEqual([403, 403, 403, 403])
      expectStatus(await call('DELETE', `${path}/new`, alt()), 204)
      for (const method of ['PUT', 'POST', 'DELETE']) expectStatus(await call(method, path, alt()), 403)
    })

    test('a copy needs to read its source and to write its target', async () => {
      const source = await shared({ 'x-container-read': `${scratch.alt.projectId}:*` })
      const closed = await shared({})
      const target = await shared({ 'x-container-write': `${scratch.alt.projectId}:*` })
      const copy = (from: string, to: string) => call('COPY', `${from}/o`, { ...alt(), destination: `${to}/copy` })
      expectStatus(await copy(source, closed), 403)
      expectStatus(await copy(closed, target), 403)
      expectStatus(await copy(source, target), 201)
      expectStatus(await call('PUT', `${target}/again`, { ...alt(), 'x-copy-from': `${source}/o` }, ''), 201)
      expectStatus(await call('PUT', `${target}/again`, { ...alt(), 'x-copy-from': `${closed}/o` }, ''), 403)
    })

    test('.r:* lets anybody read objects, .rlistings the listing too', async () => {
      const path = await shared({ 'x-container-read': '.r:*' })
      for (const headers of [anonymous, { 'x-auth-token': 'unknown' }])
        expect(await statuses(path, headers)).toEqual([401, 401, 200, 200])
      expect(await statuses(path, alt())).toEqual([403, 403, 200, 200])
      expectStatus(await call('GET', `${path}/none`, anonymous), 404)
      expectStatus(await call('PUT', `${path}/o`, anonymous, 'x'), 401)
      expectStatus(await call('POST', path, { 'x-container-read': '.r:*,.rlistings' }), 204)
      expect(await statuses(path, anonymous)).toEqual([200, 204, 200, 200])
      expect((await call('GET', path, anonymous)).text).toBe('o\n')
      expectStatus(await call('GET', '', anonymous), 401)
    })

    test('referrers are admitted and excluded in the order of the list', async () => {
      const path = await shared({ 'x-container-read': '.r:.example.com,.r:-bad.example.com,.r:one.net' })
      const from = async (referer?: string) =>
        (await call('GET', `${path}/o`, referer === undefined ? anonymous : { ...anonymous, referer })).status
      expect(await from()).toBe(401)
      expect(await from('http://www.example.com/page')).toBe(200)
      expect(await from('https://bad.example.com:8080/page')).toBe(401)
      expect(await from('http://one.net')).toBe(200)
      expect(await from('http://two.one.net')).toBe(401)
      expect(await from('http://example.com.evil.org')).toBe(401)
      expect(await from('nonsense')).toBe(401)
    })

    test("a reader of the project has no rights but those of a list: its own name, or its role's", async () => {
      const closed = await shared({})
      expect(await statuses(closed, reader())).toEqual([403, 403, 403, 403])
      expectStatus(await call('GET', '', reader()), 403)
      expectStatus(await call('PUT', `/${scratch.name()}`, reader()), 403)
      const { userId } = scratch.target.reader
      const named = await shared({ 'x-container-read': `*:${userId}`, 'x-container-write': `*:${userId}` })
      expect(await statuses(named, reader())).toEqual([200, 204, 200, 200])
      expectStatus(await call('PUT', `${named}/new`, reader(), 'x'), 201)
      const byRole = await shared({ 'x-container-read': 'Reader', 'x-container-write': 'reader' })
      expect(await statuses(byRole, reader())).toEqual([200, 204, 200, 200])
      expectStatus(await call('PUT', `${byRole}/new`, reader(), 'x'), 201)
      expectStatus(await call('POST', byRole, reader()), 403)
    })

    test('lists are stored without what is superfluous', async () => {
      const cases = [
        ['bob , sue', 'bob,sue'],
        ['bob,,,sue', 'bob,sue'],
        ['.referrer : *', '.r:*'],
        ['.ref:*.example.com', '.r:.example.com'],
        ['.referer: - *.example.com', '.r:-.example.com'],
        ['.r:*, .rlistings', '.r:*,.rlistings'],
        [' a:b , c : d', 'a:b,c : d'],
      ]
      const path = await shared({})
      for (const [list = '', cleaned] of cases) {
        expectStatus(await call('POST', path, { 'x-container-read': list }), 204)
        expect((await call('HEAD', path)).headers['x-container-read']).toBe(cleaned)
      }
      expectStatus(await call('POST', path, { 'x-container-read': '' }), 204)
      expect((await call('HEAD', path)).headers['x-container-read']).toBeUndefined()
      expectStatus(await call('POST', path, { 'x-container-write': 'a:b' }), 204)
      expectStatus(await call('POST', path, { 'x-remove-container-write': 'x' }), 204)
      expect((await call('HEAD', path)).headers['x-container-write']).toBeUndefined()
    })

    test('lists that are none are 400, and change nothing', async () => {
      const path = await shared({ 'x-container-read': '.r:*' })
      const cases = [
        ['x-container-read', '.x:bad', "Unknown designator '.x' in ACL: '.x:bad'"],
        ['x-container-read', 'a:b,.r:', "No host/domain value after referrer designation in ACL: '.r:'"],
        ['x-container-read', '.r:-.', "No host/domain value after referrer designation in ACL: '.r:-.'"],
        ['x-container-write', '.r:*', "Referrers not allowed in write ACL: '.r:*'"],
      ]
      for (const [header = '', list = '', text] of cases) {
        for (const [method, at] of [
          ['POST', path],
          ['PUT', path],
          ['PUT', `/${scratch.name()}`],
        ] as const) {
          const answer = await call(method, at, { [header]: list })
          expect([answer.status, answer.text]).toEqual([400, text])
        }
      }
      expect((await call('HEAD', path)).headers['x-container-read']).toBe('.r:*')
    })

    test('only the owner sees the lists and the keys of temporary URLs', async () => {
      const path = await shared({
        'x-container-read': `${scratch.alt.projectId}:*`,
        'x-container-meta-temp-url-key': 'secret',
        'x-container-meta-temp-url-key-2': 'secret2',
        'x-container-meta-color': 'red',
      })
      const kept = ({ headers }: { headers: Readonly<Record<string, string | undefined>> }) =>
        ['read', 'meta-temp-url-key', 'meta-temp-url-key-2', 'meta-color'].map((name) => headers[`x-container-${name}`])
      for (const method of ['GET', 'HEAD']) {
        expect(kept(await call(method, path, alt()))).toEqual([undefined, undefined, undefined, 'red'])
        expect(kept(await call(method, path))).toEqual([`${scratch.alt.projectId}:*`, 'secret', 'secret2', 'red'])
      }
    })

    test('the segments of a large object are read with the rights that the request has for them', async () => {
      const open = await shared({ 'x-container-read': `.r:*`, 'x-container-write': `${scratch.alt.projectId}:*` })
      const closed = await shared({})
      const manifest = (path: string) => JSON.stringify([{ path: `${path}/o` }])
      expectStatus(await call('PUT', `${open}/static?multipart-manifest=put`, {}, manifest(closed)), 201)
      expectStatus(await call('GET', `${open}/static`), 200)
      expectStatus(await call('GET', `${open}/static`, anonymous), 409)
      expectStatus(await call('PUT', `${open}/dynamic`, { 'x-object-manifest': `${closed.slice(1)}/o` }, ''), 201)
      expectStatus(await call('GET', `${open}/dynamic`), 200)
      expectStatus(await call('GET', `${open}/dynamic`, anonymous), 401)
      expectStatus(await call('PUT', `${open}/own?multipart-manifest=put`, alt(), manifest(closed)), 400)
      expectStatus(await call('PUT', `${open}/own?multipart-manifest=put`, alt(), manifest(open)), 201)
    })
  })
}
