import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/** Objects that expire, and metadata without a value. */
export function objectsExpiryContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('object expiry', makeTarget, (scratch) => {
    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      scratch.demo.object(method, path, { headers, body })
    const deleteAt = async (path: string) => (await call('HEAD', path)).headers['x-delete-at']
    const inSeconds = (seconds: number) => String(Math.floor(Date.now() / 1000) + seconds)

    test('X-Delete-At comes back, and X-Delete-After as the time it means', async () => {
      const name = await scratch.container()
      const at = inSeconds(1000)
      expectStatus(await call('PUT', `/${name}/at`, { 'x-delete-at': at }, 'x'), 201)
      expect(await deleteAt(`/${name}/at`)).toBe(at)
      expect((await call('GET', `/${name}/at`)).headers['x-delete-at']).toBe(at)
      const before = Number(inSeconds(500))
      expectStatus(await call('PUT', `/${name}/after`, { 'x-delete-after': '500', 'x-delete-at': at }, 'x'), 201)
      const found = Number(await deleteAt(`/${name}/after`))
      expect(found).toBeGreaterThanOrEqual(before)
      expect(found).toBeLessThanOrEqual(Number(inSeconds(500)))
    })

    test('POST sets it, and takes it off when it is not there', async () => {
      const name = await scratch.container()
      const path = `/${name}/o`
      expectStatus(await call('PUT', path, {}, 'x'), 201)
      const at = inSeconds(1000)
      expectStatus(await call('POST', path, { 'x-delete-at': at }), 202)
      expect(await deleteAt(path)).toBe(at)
      expectStatus(await call('POST', path, { 'x-object-meta-color': 'red' }), 202)
      expect(await deleteAt(path)).toBeUndefined()
      expectStatus(await call('POST', path, { 'x-delete-at': at }), 202)
      expectStatus(await call('POST', path, { 'x-remove-delete-at': 'x' }), 202)
      expect(await deleteAt(path)).toBeUndefined()
    })

    test('a copy takes it along, unless it asks for another one or for fresh metadata', async () => {
      const name = await scratch.container()
      const [first, second] = [inSeconds(1000), inSeconds(2000)]
      expectStatus(await call('PUT', `/${name}/o`, { 'x-delete-at': first }, 'x'), 201)
      const copy = (to: string, headers: Record<string, string> = {}) =>
        call('COPY', `/${name}/o`, { destination: `${name}/${to}`, ...headers })
      const copied = await copy('same')
      expectStatus(copied, 201)
      expect([copied.headers['x-delete-at'], await deleteAt(`/${name}/same`)]).toEqual([first, first])
      expectStatus(await copy('other', { 'x-delete-at': second }), 201)
      expect(await deleteAt(`/${name}/other`)).toBe(second)
      expectStatus(await copy('fresh', { 'x-fresh-metadata': 'true' }), 201)
      expect(await deleteAt(`/${name}/fresh`)).toBeUndefined()
    })

    test('times that are none, or past, are 400', async () => {
      const name = await scratch.container()
      expectStatus(await call('PUT', `/${name}/o`, {}, 'x'), 201)
      const cases = [
        [{ 'x-delete-at': '1' }, 'X-Delete-At in past'],
        [{ 'x-delete-at': '-5' }, 'X-Delete-At in past'],
        [{ 'x-delete-at': 'tomorrow' }, 'Non-integer X-Delete-At'],
        [{ 'x-delete-at': '1.5' }, 'Non-integer X-Delete-At'],
        [{ 'x-delete-after': 'soon' }, 'Non-integer X-Delete-After'],
        [{ 'x-delete-after': '-1' }, 'X-Delete-After in past'],
      ] as const
      for (const [headers, text] of cases) {
        for (const [method, path] of [
          ['PUT', `/${name}/new`],
          ['POST', `/${name}/o`],
        ] as const) {
          const answer = await call(method, path, headers, '')
          expect([answer.status, answer.text]).toEqual([400, text])
          expect(answer.headers['content-type']).toContain('text/plain')
        }
      }
      expectStatus(await call('HEAD', `/${name}/new`), 404)
    })

    test('from then on the object is gone, alone or as a segment', async () => {
      const name = await scratch.container()
      const path = `/${name}/segments/o`
      expectStatus(await call('PUT', path, { 'x-delete-after': '6' }, 'x'), 201)
      const manifest = JSON.stringify([{ path }])
      expectStatus(await call('PUT', `/${name}/static?multipart-manifest=put`, {}, manifest), 201)
      expectStatus(await call('GET', `/${name}/static`), 200)
      await expect.poll(async () => (await call('HEAD', path)).status).toBe(404)
      expectStatus(await call('GET', path), 404)
      expectStatus(await call('POST', path), 404)
      expectStatus(await call('COPY', path, { destination: `${name}/copy` }), 404)
      expectStatus(await call('GET', `/${name}/static`), 409)
      expectStatus(await call('PUT', path, { 'if-none-match': '*' }, 'new'), 201)
      expect((await call('GET', path)).text).toBe('new')
      expectStatus(await call('PUT', `/${name}/gone`, { 'x-delete-after': '1' }, 'x'), 201)
      await expect.poll(async () => (await call('HEAD', `/${name}/gone`)).status).toBe(404)
      expectStatus(await call('DELETE', `/${name}/gone`), 404)
    })

    test('a DELETE may be conditional on it', async () => {
      const name = await scratch.container()
      const at = inSeconds(1000)
      expectStatus(await call('PUT', `/${name}/o`, { 'x-delete-at': at }, 'x'), 201)
      const remove = (value: string) => call('DELETE', `/${name}/o`, { 'x-if-delete-at': value })
      const other = await remove(inSeconds(2000))
      expect([other.status, other.text]).toEqual([412, 'X-If-Delete-At and X-Delete-At do not match'])
      const malformed = await remove('soon')
      expect([malformed.status, malformed.text]).toEqual([400, 'Bad X-If-Delete-At header value'])
      expectStatus(await remove(at), 204)
      expectStatus(await call('HEAD', `/${name}/o`), 404)
    })

    test('metadata of an object without a value is kept, that of a container is not', async () => {
      const name = await scratch.container()
      const path = `/${name}/o`
      expectStatus(await call('PUT', path, { 'x-object-meta-none': '' }, 'x'), 201)
      expect((await call('GET', path)).headers['x-object-meta-none']).toBe('')
      const copied = await call('COPY', path, { destination: `${name}/copy`, 'x-object-meta-more': '' })
      expect([copied.headers['x-object-meta-none'], copied.headers['x-object-meta-more']]).toEqual(['', ''])
      expectStatus(await call('POST', path, { 'x-object-meta-other': '' }), 202)
      const { headers } = await call('HEAD', path)
      expect([headers['x-object-meta-none'], headers['x-object-meta-other']]).toEqual([undefined, ''])
      expectStatus(await call('POST', `/${name}`, { 'x-container-meta-none': '' }), 204)
      expect((await call('HEAD', `/${name}`)).headers['x-container-meta-none']).toBeUndefined()
    })
  })
}
