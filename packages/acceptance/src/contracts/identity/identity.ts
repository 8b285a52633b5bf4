import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import { passwordLogin, type Account, type ContractTarget } from '../target.js'
import { exchange, type Answer } from '../wire.js'

interface Token {
  methods: string[]
  user: { id: string; name: string; domain: { id: string; name: string } }
  project?: { id: string; name: string; domain: { id: string; name: string } }
  domain?: unknown
  roles?: { id: string; name: string }[]
  catalog?: Service[]
  expires_at: string
  issued_at: string
  audit_ids: string[]
  application_credential?: { id: string; name: string; restricted: boolean }
}
interface Service {
  id: string
  type: string
  name: string
  endpoints: { id: string; interface: string; region: string; region_id: string; url: string }[]
}

const tokenOf = (answer: Answer) => answer.json<{ token: Token }>().token
const errorOf = (answer: Answer) => answer.json<{ error: { code: number; title: string; message: string } }>().error
const domain = { id: 'default' }

/** Keystone v3: tokens by every method, their validation and revocation, the catalogue, and lookups by clients. */
export function identityContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('identity', makeTarget, (scratch) => {
    const auth = (json: unknown) => exchange('POST', `${scratch.target.authUrl}/auth/tokens`, { json })
    const byPassword = (account: Account, scope?: unknown) => {
      const { username, password } = account
      const identity = { methods: ['password'], password: { user: { name: username, domain, password } } }
      return auth({ auth: scope === undefined ? { identity } : { identity, scope } })
    }

    test('the v3 root describes the version without a token', async () => {
      const answer = await exchange('GET', scratch.target.authUrl)
      expectStatus(answer, 200)
      const { version } = answer.json<{ version: { id: string; status: string; links: { href: string }[] } }>()
      expect(version.id).toMatch(/^v3\.\d+$/)
      expect(version.status).toBe('stable')
      expect(version.links[0]?.href).toContain('/v3')
    })

    test('a password gives a token scoped to the project by name', async () => {
      const answer = await auth(passwordLogin(scratch.demo))
      expectStatus(answer, 201)
      expect(answer.headers['x-subject-token']).toBeTruthy()
      expect(answer.headers['vary']).toContain('X-Auth-Token')
      expect(answer.headers['x-openstack-request-id']).toMatch(/^req-/)
      const token = tokenOf(answer)
      expect(token.methods).toEqual(['password'])
      expect(token.user).toMatchObject({ id: scratch.demo.userId, name: scratch.demo.username, domain })
      expect(token.project).toMatchObject({ id: scratch.demo.projectId, name: scratch.demo.projectName, domain })
      expect(token.roles?.map((role) => role.name)).toContain('member')
      expect(token.roles?.map((role) => role.name)).toContain('reader')
      expect(token.audit_ids).toHaveLength(1)
      expect(token.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
      expect(Date.parse(token.expires_at)).toBeGreaterThan(Date.now())
    })

    test('user and project may be given by id', async () => {
      const { userId, password, projectId } = scratch.demo
      const identity = { methods: ['password'], password: { user: { id: userId, password } } }
      const answer = await auth({ auth: { identity, scope: { project: { id: projectId } } } })
      expectStatus(answer, 201)
      expect(tokenOf(answer).project?.id).toBe(projectId)
    })

    test('the domain may be given by name', async () => {
      const { username, password, projectName } = scratch.demo
      const named = { name: 'Default' }
      const identity = { methods: ['password'], password: { user: { name: username, domain: named, password } } }
      expectStatus(await auth({ auth: { identity, scope: { project: { name: projectName, domain: named } } } }), 201)
    })

    test('an unscoped token has no project, roles or catalogue', async () => {
      const answer = await byPassword(scratch.demo, 'unscoped')
      expectStatus(answer, 201)
      const token = tokenOf(answer)
      expect([token.project, token.roles, token.catalog, token.domain]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ])
    })

    test('a token is exchanged for one of a project, and keeps its end', async () => {
      const first = await byPassword(scratch.demo, 'unscoped')
      const id = first.headers['x-subject-token']
      const project = { id: scratch.demo.projectId }
      const answer = await auth({ auth: { identity: { methods: ['token'], token: { id } }, scope: { project } } })
      expectStatus(answer, 201)
      const token = tokenOf(answer)
      expect(token.methods.toSorted()).toEqual(['password', 'token'])
      expect(token.project?.id).toBe(project.id)
      expect(token.expires_at).toBe(tokenOf(first).expires_at)
      expect(token.audit_ids).toHaveLength(2)
    })

    test.each([
      ['a wrong password', { password: 'wrong' }],
      ['an unknown user', { username: 'nobody-of-that-name' }],
      ['an unknown project', { projectName: 'no-project-of-that-name' }],
    ])('%s is 401 without saying which part was wrong', async (_what, wrong) => {
      const answer = await auth(passwordLogin({ ...scratch.demo, ...wrong }))
      expectStatus(answer, 401)
      expect(errorOf(answer)).toMatchObject({ code: 401, title: 'Unauthorized' })
      expect(errorOf(answer).message).toContain('requires authentication')
    })

    test("another user's project is 401", async () => {
      expectStatus(await auth(passwordLogin({ ...scratch.demo, projectName: scratch.alt.projectName })), 401)
    })

    test.each([
      ['no auth', {}],
      ['no identity', { auth: {} }],
      ['no methods', { auth: { identity: {} } }],
    ])('a body with %s is 400', async (_what, body) => {
      const answer = await auth(body)
      expectStatus(answer, 400)
      expect(errorOf(answer)).toMatchObject({ code: 400, title: 'Bad Request' })
    })

    test('a body that is not JSON is 400', async () => {
      const url = `${scratch.target.authUrl}/auth/tokens`
      const headers = { 'content-type': 'application/json' }
      expectStatus(await exchange('POST', url, { body: '{"auth":', headers }), 400)
    })

    test('the catalogue lists image and object-store by interface and region', async () => {
      const token = tokenOf(await auth(passwordLogin(scratch.demo)))
      for (const type of ['identity', 'image', 'object-store']) {
        const service = token.catalog?.find((each) => each.type === type)
        expect(service?.id, type).toBeTruthy()
        expect(service?.endpoints.map((each) => each.interface)).toContain('public')
        for (const endpoint of service?.endpoints ?? []) {
          expect(endpoint.region).toBe(endpoint.region_id)
          expect(endpoint.id).toBeTruthy()
          expect(URL.canParse(endpoint.url)).toBe(true)
        }
      }
      const store = token.catalog?.find((each) => each.type === 'object-store')
      expect(store?.endpoints[0]?.url).toContain(`AUTH_${scratch.demo.projectId}`)
    })

    test('the catalogue of a token can be read on its own', async () => {
      const answer = await scratch.demo.identity('GET', '/auth/catalog')
      expectStatus(answer, 200)
      const { catalog } = answer.json<{ catalog: Service[] }>()
      expect(catalog.map((each) => each.type)).toContain('image')
    })

    test('a token is validated by itself', async () => {
      const { demo } = scratch
      const headers = { 'x-subject-token': demo.token }
      const answer = await demo.identity('GET', '/auth/tokens', { headers })
      expectStatus(answer, 200)
      expect(answer.headers['x-subject-token']).toBe(demo.token)
      expect(tokenOf(answer).user.id).toBe(demo.userId)
      expect(tokenOf(answer).catalog).toBeDefined()
      const bare = await demo.identity('GET', '/auth/tokens?nocatalog', { headers })
      expect(tokenOf(bare).catalog).toBeUndefined()
      const head = await demo.identity('HEAD', '/auth/tokens', { headers })
      expectStatus(head, 200)
      expect(head.text).toBe('')
    })

    test('an unknown subject token is 404, an unknown caller 401', async () => {
      const { demo, target } = scratch
      expectStatus(await demo.identity('GET', '/auth/tokens', { headers: { 'x-subject-token': 'unknown' } }), 404)
      const headers = { 'x-auth-token': 'unknown', 'x-subject-token': demo.token }
      expectStatus(await exchange('GET', `${target.authUrl}/auth/tokens`, { headers }), 401)
      expectStatus(await exchange('GET', `${target.authUrl}/auth/tokens`, {}), 401)
    })

    test('a revoked token is of no use any more', async () => {
      const own = await scratch.target.login(scratch.demo)
      const headers = { 'x-subject-token': own.token }
      expectStatus(await own.identity('DELETE', '/auth/tokens', { headers }), 204)
      expectStatus(await own.identity('GET', '/auth/tokens', { headers }), 401)
      expectStatus(await scratch.demo.identity('GET', '/auth/tokens', { headers }), 404)
    })

    test('an application credential logs in by id, and by name and user, into its own project only', async () => {
      const { demo } = scratch
      const path = `/users/${demo.userId}/application_credentials`
      const made = await demo.identity('POST', path, { json: { application_credential: { name: scratch.name() } } })
      expectStatus(made, 201)
      const credential = made.json<{ application_credential: Record<string, string> }>().application_credential
      scratch.later(() => demo.identity('DELETE', `${path}/${credential['id']}`))
      const { id, name, secret } = credential
      const login = (given: unknown, scope?: unknown) => {
        const identity = { methods: ['application_credential'], application_credential: given }
        return auth({ auth: scope === undefined ? { identity } : { identity, scope } })
      }

      const byId = await login({ id, secret })
      expectStatus(byId, 201)
      expect(tokenOf(byId).project?.id).toBe(demo.projectId)
      expect(tokenOf(byId).methods).toEqual(['application_credential'])
      expect(tokenOf(byId).application_credential).toMatchObject({ id, name, restricted: true })
      expectStatus(await login({ name, user: { id: demo.userId }, secret }), 201)
      expectStatus(await login({ name, user: { name: demo.username, domain }, secret }), 201)
      expectStatus(await login({ id, secret: 'wrong' }), 401)
      expectStatus(await login({ id, secret }, { project: { id: demo.projectId } }), 401)

      const read = await demo.identity('GET', `${path}/${id}`)
      expectStatus(read, 200)
      expect(read.json<{ application_credential: object }>().application_credential).not.toHaveProperty('secret')
      expectStatus(await demo.identity('DELETE', `${path}/${id}`), 204)
      expectStatus(await demo.identity('GET', `${path}/${id}`), 404)
      expectStatus(await login({ id, secret }), 404)
    })

    test('a credential with access rules keeps them, its tokens tell them, and are for nothing else', async () => {
      const { demo } = scratch
      const path = `/users/${demo.userId}/application_credentials`
      const rule = { service: 'identity', method: 'GET', path: '/v3/auth/projects' }
      const make = (access_rules: unknown) =>
        demo.identity('POST', path, { json: { application_credential: { name: scratch.name(), access_rules } } })
      expectStatus(await make([{ ...rule, method: 'OPTIONS' }]), 400)
      expectStatus(await make([{ ...rule, path: 'v3' }]), 400)
      expectStatus(await make('all'), 400)
      const made = await make([rule])
      expectStatus(made, 201)
      interface Credential {
        id: string
        secret: string
        access_rules: { id: string }[]
      }
      const { id, secret, access_rules } = made.json<{ application_credential: Credential }>().application_credential
      expect(access_rules).toMatchObject([rule])
      const identity = { methods: ['application_credential'], application_credential: { id, secret } }
      const login = await auth({ auth: { identity } })
      expectStatus(login, 201)
      expect(tokenOf(login).application_credential).toMatchObject({ access_rules })
      const headers = { 'x-auth-token': login.headers['x-subject-token'] ?? '' }
      const get = (of: string) => exchange('GET', `${scratch.target.authUrl}${of}`, { headers })
      expectStatus(await get('/auth/projects'), 200)
      expectStatus(await get(`/users/${demo.userId}`), 401)

      const rules = `/users/${demo.userId}/access_rules`
      const ruleId = access_rules[0]?.id ?? ''
      const listed = await demo.identity('GET', rules)
      expect(listed.json<{ access_rules: object[] }>().access_rules).toMatchObject([{ id: ruleId, ...rule }])
      expectStatus(await demo.identity('DELETE', `${rules}/${ruleId}`), 403)
      expectStatus(await demo.identity('DELETE', `${path}/${id}`), 204)
      expectStatus(await demo.identity('DELETE', `${rules}/${ruleId}`), 204)
      expectStatus(await demo.identity('GET', `${rules}/${ruleId}`), 404)
    })

    test('a body above 112 KiB is refused before it is looked at', async () => {
      const headers = { accept: 'application/json', 'content-type': 'application/json' }
      const url = `${scratch.target.authUrl}/auth/tokens`
      const answer = await exchange('POST', url, { body: ' '.repeat(114_689), headers })
      expectStatus(answer, 413)
      expect(answer.json()).toEqual({
        message: 'Request is too large. Larger than max_request_body_size (%s).<br /><br />\n\n\n',
        code: '413 Request Entity Too Large',
        title: 'Request Entity Too Large',
      })
      expectStatus(await exchange('POST', url, { body: ' '.repeat(114_688), headers }), 400)
    })

    test('a user reads itself and its projects, an admin those of others', async () => {
      const { demo, admin } = scratch
      const own = await demo.identity('GET', `/users/${demo.userId}`)
      expectStatus(own, 200)
      expect(own.json<{ user: { name: string } }>().user.name).toBe(demo.username)
      const projects = await demo.identity('GET', '/auth/projects')
      expectStatus(projects, 200)
      const listed = projects.json<{ projects: { id: string }[] }>().projects
      expect(listed.map((each) => each.id)).toContain(demo.projectId)
      expectStatus(await demo.identity('GET', `/projects/${demo.projectId}`), 200)
      const named = await admin.identity('GET', `/projects?name=${demo.projectName}`)
      expect(named.json<{ projects: { id: string }[] }>().projects.map((each) => each.id)).toEqual([demo.projectId])
      expectStatus(await admin.identity('GET', '/projects/none-of-that-id'), 404)
    })

    test('lists of users are for admins', async () => {
      expectStatus(await scratch.demo.identity('GET', '/users'), 403)
      const answer = await scratch.admin.identity('GET', `/users?name=${scratch.demo.username}`)
      expectStatus(answer, 200)
      const [user] = answer.json<{ users: { id: string; domain_id: string }[] }>().users
      expect(user).toMatchObject({ id: scratch.demo.userId, domain_id: 'default' })
    })

    test('a path that is not there is 404 with an error in JSON', async () => {
      const answer = await scratch.demo.identity('GET', '/no-such-thing')
      expectStatus(answer, 404)
    })
  })
}
