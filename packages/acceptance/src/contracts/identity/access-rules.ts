import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'
import { exchange } from '../wire.js'
import { messageOf } from './accounts.js'

interface Rule {
  readonly id?: string
  readonly service: string
  readonly method: string
  readonly path: string
}

/** Application credentials with access rules: what their tokens may do with images and objects, and the rules' list. */
export function accessRulesContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('access rules', makeTarget, (scratch) => {
    const credentialsPath = () => `/users/${scratch.demo.userId}/application_credentials`
    const rulesPath = () => `/users/${scratch.demo.userId}/access_rules`
    /** A credential of demo with these rules, which are removed with it. */
    const makeCredential = async (access_rules: readonly object[]) => {
      const { demo } = scratch
      const json = { application_credential: { name: scratch.name(), access_rules } }
      const made = await demo.identity('POST', credentialsPath(), { json })
      expectStatus(made, 201)
      const credential = made.json<{ application_credential: { id: string; secret: string; access_rules: Rule[] } }>()
        .application_credential
      scratch.later(async () => {
        await demo.identity('DELETE', `${credentialsPath()}/${credential.id}`)
        for (const { id } of credential.access_rules) await demo.identity('DELETE', `${rulesPath()}/${id}`)
      })
      return credential
    }
    /** Demo's calls, with a token of a credential that has these rules. */
    const restricted = async (...rules: readonly Rule[]): Promise<Pick<Account, 'image' | 'object' | 'identity'>> => {
      const { id, secret } = await makeCredential(rules)
      const identity = { methods: ['application_credential'], application_credential: { id, secret } }
      const answer = await exchange('POST', `${scratch.target.authUrl}/auth/tokens`, { json: { auth: { identity } } })
      expectStatus(answer, 201)
      const headers = { 'x-auth-token': answer.headers['x-subject-token'] ?? '' }
      const call =
        (of: 'image' | 'object' | 'identity') =>
        (...[method, path, request = {}]: Parameters<Account['image']>) =>
          scratch.demo[of](method, path, { ...request, headers: { ...request.headers, ...headers } })
      return { image: call('image'), object: call('object'), identity: call('identity') }
    }
    const rule = (service: string, method: string, path: string): Rule => ({ service, method, path })

    test('an exact path allows that request, and no other method, path or service', async () => {
      const caller = await restricted(rule('image', 'GET', '/v2/images'))
      expectStatus(await caller.image('GET', '/v2/images'), 200)
      expectStatus(await caller.image('GET', '/v2/images?limit=1'), 200)
      expectStatus(await caller.image('POST', '/v2/images', { json: { name: 'refused' } }), 401)
      expectStatus(await caller.image('GET', '/v2/schemas/image'), 401)
      expectStatus(await caller.object('GET', ''), 401)
      expectStatus(await caller.identity('GET', '/auth/projects'), 401)
    })

    test.each(['{image_id}', '*'])('%s in a path is one part of it', async (part) => {
      const image = await scratch.image({ name: 'of access rules' })
      const caller = await restricted(rule('image', 'GET', `/v2/images/${part}`))
      expectStatus(await caller.image('GET', `/v2/images/${image.id}`), 200)
      expectStatus(await caller.image('GET', '/v2/images'), 401)
      expectStatus(await caller.image('GET', `/v2/images/${image.id}/members`), 401)
      expectStatus(await caller.image('DELETE', `/v2/images/${image.id}`), 401)
    })

    test('** in a path is any number of parts', async () => {
      const image = await scratch.image({ name: 'of access rules', visibility: 'shared' })
      const caller = await restricted(rule('image', 'GET', '/v2/**'))
      expectStatus(await caller.image('GET', `/v2/images/${image.id}/members`), 200)
      expectStatus(await caller.image('GET', '/v2/schemas/image'), 200)
      expectStatus(await caller.image('PUT', `/v2/images/${image.id}/tags/blue`), 401)
    })

    test('several rules allow what each of them allows', async () => {
      const image = await scratch.image({ name: 'of access rules' })
      const caller = await restricted(
        rule('image', 'GET', '/v2/images/*'),
        rule('image', 'PUT', '/v2/images/{image}/tags/{tag}'),
      )
      expectStatus(await caller.image('PUT', `/v2/images/${image.id}/tags/blue`), 204)
      expectStatus(await caller.image('GET', `/v2/images/${image.id}`), 200)
      expectStatus(await caller.image('DELETE', `/v2/images/${image.id}/tags/blue`), 401)
    })

    test('objects are read by a rule for their container, and others are not', async () => {
      const container = await scratch.container()
      expectStatus(await scratch.demo.object('PUT', `/${container}/object`, { body: 'data' }), 201)
      const caller = await restricted(rule('object-store', 'GET', `/v1/*/${container}/*`))
      expect((await caller.object('GET', `/${container}/object`)).text).toBe('data')
      expectStatus(await caller.object('GET', `/${container}`), 401)
      expectStatus(await caller.object('DELETE', `/${container}/object`), 401)
      expectStatus(await caller.object('PUT', `/${container}/other`, { body: 'data' }), 401)
    })

    test('a rule is made once, listed, found by what it says, and removed once no credential has it', async () => {
      const { demo, alt, admin } = scratch
      const path = `/v2/images/${scratch.name()}`
      const first = await makeCredential([rule('image', 'GET', path)])
      const second = await makeCredential([rule('image', 'GET', path)])
      expect(second.access_rules).toEqual(first.access_rules)
      const [{ id = '' } = {}] = first.access_rules
      const one = await demo.identity('GET', `${rulesPath()}/${id}`)
      expectStatus(one, 200)
      expect(one.json()).toMatchObject({ access_rule: { id, service: 'image', method: 'GET', path } })
      const found = await demo.identity(
        'GET',
        `${rulesPath()}?service=image&method=GET&path=${encodeURIComponent(path)}`,
      )
      expect(found.json<{ access_rules: Rule[] }>().access_rules.map((each) => each.id)).toEqual([id])
      expectStatus(await admin.identity('GET', rulesPath()), 403)
      expectStatus(await alt.identity('GET', rulesPath()), 403)
      expectStatus(await alt.identity('DELETE', `${rulesPath()}/${id}`), 403)
      const used = await demo.identity('DELETE', `${rulesPath()}/${id}`)
      expectStatus(used, 403)
      expect(messageOf(used)).toContain('May not delete access rule in use')
      for (const credential of [first, second]) {
        expectStatus(await demo.identity('DELETE', `${credentialsPath()}/${credential.id}`), 204)
      }
      expectStatus(await demo.identity('DELETE', `${rulesPath()}/${id}`), 204)
      const gone = await demo.identity('GET', `${rulesPath()}/${id}`)
      expectStatus(gone, 404)
      expect(messageOf(gone)).toBe(`Could not find Access Rule: ${id}.`)
    })

    test('an existing rule is named by its id alone', async () => {
      const first = await makeCredential([rule('image', 'GET', `/v2/images/${scratch.name()}`)])
      const [{ id } = {}] = first.access_rules
      const second = await makeCredential([{ id }])
      expect(second.access_rules).toEqual(first.access_rules)
    })
  })
}
