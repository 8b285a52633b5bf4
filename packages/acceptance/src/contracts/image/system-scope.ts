import { beforeAll, expect, test } from 'vitest'
import { jsonPatchV21, octetStream } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { exchange, type WireRequest } from '../wire.js'

/** What an admin of the whole system may do with images: the image service knows project scope alone. */
export function systemScopeContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('a token with system scope', makeTarget, (scratch) => {
    let token = ''
    beforeAll(async () => {
      const { username, password } = scratch.admin
      const user = { name: username, domain: { id: 'default' }, password }
      const identity = { methods: ['password'], password: { user } }
      const answer = await exchange('POST', `${scratch.target.authUrl}/auth/tokens`, {
        json: { auth: { identity, scope: { system: { all: true } } } },
      })
      expectStatus(answer, 201)
      token = answer.headers['x-subject-token'] ?? ''
    })
    const call = (method: string, path: string, request: WireRequest = {}) =>
      scratch.admin.image(method, path, {
        ...request,
        headers: { accept: 'application/json', ...request.headers, 'x-auth-token': token },
      })
    const refused = (action: string) => expect.stringContaining(`You are not authorized to complete ${action} action.`)

    test('creates and lists nothing', async () => {
      const created = await call('POST', '/v2/images', { json: { name: scratch.name() } })
      expectStatus(created, 403)
      expect(created.json()['message']).toEqual(refused('add_image'))
      const listed = await call('GET', '/v2/images')
      expectStatus(listed, 403)
      expect(listed.json()['message']).toEqual(refused('get_images'))
    })

    test.each(['public', 'community', 'shared', 'private'])('does not see a %s image', async (visibility) => {
      const { id } = await scratch.activeImage(undefined, { visibility, tags: ['t'] }, scratch.admin)
      const at = `/v2/images/${id}`
      const data = { body: 'x', headers: { 'content-type': octetStream } }
      const patch = { json: [{ op: 'add', path: '/p', value: 'x' }], headers: { 'content-type': jsonPatchV21 } }
      const answers = {
        show: await call('GET', at),
        patch: await call('PATCH', at, patch),
        delete: await call('DELETE', at),
        download: await call('GET', `${at}/file`),
        upload: await call('PUT', `${at}/file`, data),
        stage: await call('PUT', `${at}/stage`, data),
        deactivate: await call('POST', `${at}/actions/deactivate`),
        tag: await call('PUT', `${at}/tags/x`),
        untag: await call('DELETE', `${at}/tags/t`),
        tasks: await call('GET', `${at}/tasks`),
      }
      const statuses = Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]))
      expect(statuses).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, 404])))
    })

    test('is no admin of a shared image with members', async () => {
      const { id } = await scratch.image({ visibility: 'shared' }, scratch.demo)
      const { projectId } = scratch.alt
      expectStatus(await scratch.demo.image('POST', `/v2/images/${id}/members`, { json: { member: projectId } }), 200)
      const at = `/v2/images/${id}/members/${projectId}`
      expectStatus(await call('GET', `/v2/images/${id}/members`), 404)
      expectStatus(await call('GET', at), 404)
      expectStatus(await call('PUT', at, { json: { status: 'accepted' } }), 404)
      expectStatus(await call('DELETE', at), 404)
    })

    test('sees no metadata definitions, though everyone reads their schemas', async () => {
      const at = '/v2/metadefs/namespaces'
      const namespace = { namespace: scratch.name(), visibility: 'public' }
      const one = `${at}/${namespace.namespace}`
      expectStatus(await scratch.admin.image('POST', at, { json: namespace }), 201)
      scratch.later(() => scratch.admin.image('DELETE', one))
      for (const path of [at, one, `${one}/objects`, `${one}/properties`, `${one}/tags`, `${one}/resource_types`])
        expectStatus(await call('GET', path), 404)
      expectStatus(await call('GET', '/v2/metadefs/resource_types'), 404)
      expectStatus(await call('POST', at, { json: { namespace: scratch.name() } }), 404)
      expectStatus(await call('PUT', one, { json: namespace }), 404)
      expectStatus(await call('POST', `${one}/objects`, { json: { name: 'o' } }), 404)
      expectStatus(await call('DELETE', one), 404)
      expectStatus(await call('GET', '/v2/schemas/metadefs/namespace'), 200)
    })

    test('does not read tasks, the cache or the details of stores, but what everyone reads', async () => {
      for (const path of ['/v2/info/stores/detail', '/v2/tasks', '/v2/cache'])
        expectStatus(await call('GET', path), 403)
      for (const path of ['/v2/info/stores', '/v2/info/import', '/v2/schemas/image', '/v2/schemas/members']) {
        expectStatus(await call('GET', path), 200)
      }
    })
  })
}
