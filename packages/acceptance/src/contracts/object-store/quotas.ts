import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'

/** How much containers and accounts may hold, and the role that says so. */
export function objectsQuotasContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('object quotas', makeTarget, (scratch) => {
    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      scratch.demo.object(method, path, { headers, body })
    const limited = async (headers: Record<string, string>) => {
      const name = await scratch.container()
      expectStatus(await call('POST', `/${name}`, headers), 204)
      return `/${name}`
    }
    /** A real Swift remembers a container's counts for a while, until the container is changed. */
    const settle = (path: string) => call('POST', path)
    const tooMuch = [413, 'Upload exceeds quota.']

    test('a container takes no more bytes than its quota', async () => {
      const path = await limited({ 'x-container-meta-quota-bytes': '10' })
      expectStatus(await call('PUT', `${path}/a`, {}, '12345'), 201)
      await settle(path)
      const refused = await call('PUT', `${path}/b`, {}, '123456')
      expect([refused.status, refused.text]).toEqual(tooMuch)
      expectStatus(await call('PUT', `${path}/b`, {}, '12345'), 201)
      await settle(path)
      expectStatus(await call('PUT', `${path}/a`, {}, '1'), 413)
      expectStatus(await call('PUT', `${path}/empty`, {}, ''), 201)
      expectStatus(await call('POST', path, { 'x-container-meta-quota-bytes': '11' }), 204)
      expectStatus(await call('PUT', `${path}/c`, {}, '1'), 201)
      expect((await call('GET', path)).text).toBe('a\nb\nc\nempty\n')
    })

    test('a container takes no more objects than its quota', async () => {
      const path = await limited({ 'x-container-meta-quota-count': '1' })
      expectStatus(await call('PUT', `${path}/a`, {}, ''), 201)
      await settle(path)
      const refused = await call('PUT', `${path}/b`, {}, '')
      expect([refused.status, refused.text]).toEqual(tooMuch)
      expectStatus(await call('POST', `${path}/a`, { 'x-object-meta-color': 'red' }), 202)
      expectStatus(await call('DELETE', `${path}/a`), 204)
      await settle(path)
      expectStatus(await call('PUT', `${path}/b`, {}, ''), 201)
      expectStatus(await call('POST', path, { 'x-remove-container-meta-quota-count': 'x' }), 204)
      expectStatus(await call('PUT', `${path}/c`, {}, ''), 201)
    })

    test('copies, manifests and archives are within it, too', async () => {
      const source = await limited({})
      expectStatus(await call('PUT', `${source}/o`, {}, '12345'), 201)
      const path = await limited({ 'x-container-meta-quota-bytes': '4' })
      const to = path.slice(1)
      expectStatus(await call('COPY', `${source}/o`, { destination: `${to}/o` }), 413)
      expectStatus(await call('PUT', `${path}/o`, { 'x-copy-from': `${source}/o` }, ''), 413)
      expectStatus(await call('COPY', `${source}/o`, { destination: `${to}/o`, range: 'bytes=0-3' }), 201)
      const manifest = JSON.stringify([{ path: `${source}/o` }])
      expectStatus(await call('PUT', `${path}/large?multipart-manifest=put`, {}, manifest), 413)
    })

    test('a quota that is no number is 400', async () => {
      const path = await limited({})
      for (const kind of ['bytes', 'count']) {
        for (const [method, at] of [
          ['POST', path],
          ['PUT', path],
          ['PUT', `/${scratch.name()}`],
        ] as const) {
          const answer = await call(method, at, { [`x-container-meta-quota-${kind}`]: 'many' })
          expect([answer.status, answer.text]).toEqual([400, `Invalid ${kind} quota.`])
        }
      }
    })

    test('the quotas of an account are not set by its owner', async () => {
      for (const name of ['meta-quota-bytes', 'quota-bytes', 'quota-count', 'quota-bytes-policy-policy-0'])
        for (const prefix of ['x-account-', 'x-remove-account-'])
          expectStatus(await call('POST', '', { [prefix + name]: '5' }), 403)
    })

    test('they are set by a reseller, who may do everything in every account and is not bound by them', async () => {
      const { owner, reseller } = await accounts()
      const asReseller = { 'x-auth-token': reseller.token }
      const set = async (name: string, value: string) => {
        // With the real Swift, an account learns what its container has by a PUT.
        expectStatus(await owner.object('PUT', '/c'), 202)
        return owner.object('POST', '', { headers: { ...asReseller, [name]: value } })
      }
      const put = async (object: string, body: string, headers = {}) =>
        (await owner.object('PUT', `/c/${object}`, { headers, body })).status
      expectStatus(await owner.object('PUT', '/c', { headers: asReseller }), 201)
      expectStatus(await set('x-account-quota-bytes', 'many'), 400)
      expectStatus(await set('x-account-meta-quota-bytes', '3'), 204)
      expect((await owner.object('HEAD', '')).headers).toMatchObject({
        'x-account-quota-bytes': '3',
        'x-account-meta-quota-bytes': '3',
      })
      const refused = await owner.object('PUT', '/c/o', { body: '1234' })
      expect([refused.status, refused.text]).toEqual(tooMuch)
      expect(await put('o', '1234', asReseller)).toBe(201)
      expectStatus(await set('x-remove-account-meta-quota-bytes', 'x'), 204)
      expect(await put('o', '1234')).toBe(201)
      expectStatus(await set('x-account-quota-count', '1'), 204)
      expect(await put('p', '')).toBe(413)
      expectStatus(await set('x-account-quota-count', ''), 204)
      expect(await put('p', '')).toBe(201)
      expectStatus(await set('x-account-quota-bytes-policy-policy-0', '1'), 204)
      const byPolicy = await owner.object('PUT', '/c/q', { body: '12' })
      expect([byPolicy.status, byPolicy.text]).toEqual([413, 'Upload exceeds policy quota.'])
      expectStatus(await set('x-remove-account-quota-bytes-policy-policy-0', 'x'), 204)
      expect(await put('q', '12')).toBe(201)
      for (const object of ['o', 'p', 'q'])
        expectStatus(await owner.object('DELETE', `/c/${object}`, { headers: asReseller }), 204)
      expectStatus(await owner.object('DELETE', '/c', { headers: asReseller }), 204)
    })

    /** Two users with projects of their own; the one is a member, the other a reseller. */
    async function accounts(): Promise<{ owner: Account; reseller: Account }> {
      const { admin } = scratch
      const make = async (kind: 'projects' | 'users', fields: Record<string, unknown>) => {
        const answer = await admin.identity('POST', `/${kind}`, {
          json: { [kind.slice(0, -1)]: fields },
          headers: { 'x-auth-token': admin.token },
        })
        expectStatus(answer, 201)
        const id = answer.json<Record<string, { id: string }>>()[kind.slice(0, -1)]?.id ?? ''
        scratch.later(() => admin.identity('DELETE', `/${kind}/${id}`, { headers: { 'x-auth-token': admin.token } }))
        return id
      }
      const roleId = async (name: string) => {
        const find = async () => {
          const found = await admin.identity('GET', `/roles?name=${name}`)
          return found.json<{ roles: { id: string }[] }>().roles[0]?.id
        }
        const known = await find()
        if (known !== undefined) return known
        await admin.identity('POST', '/roles', { json: { role: { name } } })
        return (await find()) ?? ''
      }
      const person = async (role: string) => {
        const name = scratch.name()
        const projectId = await make('projects', { name })
        const userId = await make('users', { name, password: 'secret' })
        const grant = `/projects/${projectId}/users/${userId}/roles/${await roleId(role)}`
        expectStatus(await admin.identity('PUT', grant), 204)
        return scratch.target.login({ username: name, password: 'secret', projectName: name })
      }
      return { owner: await person('member'), reseller: await person('ResellerAdmin') }
    }
  })
}
