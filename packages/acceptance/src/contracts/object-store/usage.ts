import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { exchange } from '../wire.js'

/** What an account uses, what the service can do, and its small routes. */
export function objectsUsageContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('object storage in use', makeTarget, (scratch) => {
    const call = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      scratch.demo.object(method, path, { headers, body })

    test('an account tells its usage by policy', async () => {
      const name = await scratch.container()
      for (const method of ['GET', 'HEAD']) {
        const { status, headers } = await call(method, '')
        expect(status).toBe(method === 'GET' ? 200 : 204)
        for (const kind of ['container-count', 'object-count', 'bytes-used']) {
          expect(headers[`x-account-${kind}`]).toMatch(/^\d+$/)
          expect(headers[`x-account-storage-policy-policy-0-${kind}`]).toBe(headers[`x-account-${kind}`])
        }
        expect(headers).toMatchObject({
          'accept-ranges': 'bytes',
          'x-account-project-domain-id': 'default',
          'content-type': 'text/plain; charset=utf-8',
        })
      }
      const listed = await call('GET', `?format=json&prefix=${name}`)
      expect(listed.json<unknown[]>()).toMatchObject([{ name, count: 0, bytes: 0, storage_policy: 'Policy-0' }])
    })

    test('an account without any writes is empty', async () => {
      const { admin } = scratch
      const name = scratch.name()
      const made = await admin.identity('POST', '/projects', { json: { project: { name } } })
      const { id } = made.json<{ project: { id: string } }>().project
      scratch.later(() => admin.identity('DELETE', `/projects/${id}`))
      const roles = await admin.identity('GET', '/roles?name=member')
      const role = roles.json<{ roles: { id: string }[] }>().roles[0]?.id
      expectStatus(await admin.identity('PUT', `/projects/${id}/users/${scratch.demo.userId}/roles/${role}`), 204)
      const fresh = await scratch.target.login({ ...credentials(), projectName: name })
      const head = await fresh.object('HEAD', '')
      expectStatus(head, 200)
      expect(head.headers).toMatchObject({
        'x-account-container-count': '0',
        'x-account-object-count': '0',
        'x-account-bytes-used': '0',
        'content-type': 'text/plain; charset=utf-8',
      })
      expect(head.headers['x-account-storage-policy-policy-0-container-count']).toBeUndefined()
      expectStatus(await fresh.object('GET', ''), 204)
      expect((await fresh.object('GET', '?format=json')).text).toBe('[]')
      expectStatus(await fresh.object('PUT', '/c'), 201)
      const used = await fresh.object('HEAD', '')
      expectStatus(used, 204)
      expect(used.headers['x-account-storage-policy-policy-0-container-count']).toBe('1')
      expectStatus(await fresh.object('DELETE', '/c'), 204)
      const emptied = await fresh.object('HEAD', '')
      expect(emptied.headers['x-account-storage-policy-policy-0-container-count']).toBe('0')
    })

    const credentials = () => {
      const { username, password } = scratch.demo
      return { username, password }
    }

    test('a container has the policy that there is, in any case, and no other', async () => {
      const name = scratch.name()
      scratch.later(() => call('DELETE', `/${name}`))
      const refused = await call('PUT', `/${name}`, { 'x-storage-policy': 'gold' })
      expect([refused.status, refused.text]).toEqual([400, "Invalid X-Storage-Policy 'gold'"])
      expectStatus(await call('HEAD', `/${name}`), 404)
      expectStatus(await call('PUT', `/${name}`, { 'x-storage-policy': 'POLICY-0' }), 201)
      expect((await call('HEAD', `/${name}`)).headers['x-storage-policy']).toBe('Policy-0')
    })

    test('writes that are accepted say so in a short page', async () => {
      const name = await scratch.container()
      const page = '<html><h1>Accepted</h1><p>The request is accepted for processing.</p></html>'
      expectStatus(await call('PUT', `/${name}/o`, {}, 'x'), 201)
      const post = await call('POST', `/${name}/o`, { 'x-object-meta-color': 'red' })
      expect([post.status, post.text]).toEqual([202, page])
      const put = await call('PUT', `/${name}`)
      expect([put.status, put.text]).toEqual([202, page])
    })

    test('a 401 names Swift and Keystone', async () => {
      const refused = await call('GET', '', { 'x-auth-token': '' })
      expectStatus(refused, 401)
      expect(refused.headers['www-authenticate']).toMatch(/^Swift realm="AUTH_[0-9a-f]+", Keystone uri="http.+"$/)
    })

    /** Below the root of the service, without a token. */
    const atRoot = async (method: string, path: string) => exchange(method, (await root()) + path)
    const root = async () => {
      const { demo } = scratch
      const catalog = await demo.identity('GET', '/auth/catalog', { headers: { 'x-auth-token': demo.token } })
      const { catalog: services } = catalog.json<{
        catalog: { type: string; endpoints: { interface: string; url: string }[] }[]
      }>()
      const endpoints = services.find(({ type }) => type === 'object-store')?.endpoints
      return (endpoints?.find((each) => each.interface === 'public')?.url ?? '').replace(/\/v1\/.*$/, '')
    }

    test('the service tells what it can do', async () => {
      const answer = await atRoot('GET', '/info')
      expectStatus(answer, 200)
      expect(answer.headers['content-type']).toBe('application/json; charset=UTF-8')
      expect(answer.json()).toMatchObject({
        swift: {
          version: expect.stringMatching(/^\d+\.\d+/) as string,
          policies: [{ name: 'Policy-0', aliases: 'Policy-0', default: true }],
          strict_cors_mode: true,
          allow_account_management: false,
          account_autocreate: true,
          allow_open_expired: false,
          max_header_size: 8192,
          max_request_line: 8192,
          extra_header_count: 0,
        },
        tempurl: { methods: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'], allowed_digests: ['sha1', 'sha256', 'sha512'] },
        bulk_upload: { max_containers_per_extraction: 10_000 },
        bulk_delete: { max_deletes_per_request: 10_000 },
        slo: { max_manifest_segments: 1000 },
        container_quotas: {},
        account_quotas: {},
        crossdomain: {},
      })
      expectStatus(await atRoot('HEAD', '/info'), 200)
      expectStatus(await atRoot('GET', '/info?swiftinfo_sig=x&swiftinfo_expires=1'), 403)
      const refused = await atRoot('POST', '/info')
      expect([refused.status, refused.headers['allow']?.split(', ').toSorted()]).toEqual([
        405,
        ['GET', 'HEAD', 'OPTIONS'],
      ])
    })

    test('the small routes need no token', async () => {
      for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) {
        const health = await atRoot(method, '/healthcheck')
        expect([health.status, health.headers['content-type']]).toEqual([200, 'text/plain'])
        expect(health.text).toBe(method === 'HEAD' ? '' : 'OK')
      }
      const policy = await atRoot('GET', '/crossdomain.xml')
      expect([policy.status, policy.headers['content-type']]).toEqual([200, 'application/xml'])
      const lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE cross-domain-policy SYSTEM "http://www.adobe.com/xml/dtds/cross-domain-policy.dtd" >',
        '<cross-domain-policy>',
        '<allow-access-from domain="*" secure="false" />',
        '</cross-domain-policy>',
      ]
      expect(policy.text).toBe(lines.join('\n'))
      for (const method of ['HEAD', 'POST', 'DELETE']) expectStatus(await atRoot(method, '/crossdomain.xml'), 412)
    })
  })
}
