import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../index.js'
import { call, login } from '../testing/sign-in.js'

// Covers what the contract suites cannot, because they also run against real services.
let cloud: EmbeddedCloud
let demo: { token: string; projectId: string }
let admin: { token: string; projectId: string }
beforeAll(async () => {
  const user = (name: string, project: string, role: string) => ({ name, password: 'secret', project, roles: [role] })
  cloud = await startCloud({
    port: 0,
    config: {
      users: [
        user('admin', 'admin', 'admin'),
        user('demo', 'demo', 'member'),
        user('demo', 'other', 'reader'),
        user('glance', 'service', 'service'),
      ],
    },
  })
  demo = await login(cloud.authUrl, 'demo')
  admin = await login(cloud.authUrl, 'admin')
})
afterAll(() => cloud.close())

interface TokenBody {
  token: {
    user: { id: string }
    roles?: { name: string }[]
    project?: { name: string }
    domain?: object
    system?: object
    catalog?: { type: string; endpoints: { url: string }[] }[]
  }
}
const get = (path: string, token = demo.token) => call('GET', `${cloud.authUrl}${path}`, { token })
const byPassword = (name: string, scope?: unknown, password = 'secret') => {
  const user = { name, domain: { id: 'default' }, password }
  const identity = { methods: ['password'], password: { user } }
  return call('POST', `${cloud.authUrl}/auth/tokens`, {
    json: { auth: { identity, ...(scope !== undefined && { scope }) } },
  })
}
const tokenOf = (answer: { body: unknown }) => (answer.body as TokenBody).token
const messageOf = (answer: { body: unknown }) => (answer.body as { error: { message: string } }).error.message

describe('scopes', () => {
  test('a user of two projects has in each the roles it has there', async () => {
    const { token } = await login(cloud.authUrl, 'demo', 'other')
    const validated = await call('GET', `${cloud.authUrl}/auth/tokens`, {
      token,
      headers: { 'x-subject-token': token },
    })
    expect(tokenOf(validated).roles?.map(({ name }) => name)).toEqual(['reader'])
    const projects = (await get('/auth/projects')).body as { projects: { name: string }[] }
    expect(projects.projects.map(({ name }) => name)).toEqual(['demo', 'other'])
  })

  test('an admin may be one of the domain or of the system, nobody else', async () => {
    const domain = tokenOf(await byPassword('admin', { domain: { name: 'Default' } }))
    expect([domain.domain, domain.project]).toEqual([{ id: 'default', name: 'Default' }, undefined])
    expect(domain.catalog?.find(({ type }) => type === 'object-store')?.endpoints).toEqual([])
    expect(tokenOf(await byPassword('admin', { system: { all: true } })).system).toEqual({ all: true })
    expect((await byPassword('demo', { domain: { id: 'default' } })).status).toBe(401)
    expect((await byPassword('demo', { system: { all: true } })).status).toBe(401)
  })

  test('the role service stands alone, the others bring those below them', async () => {
    const roles = async (name: string, project: string) =>
      tokenOf(await byPassword(name, { project: { name: project, domain: { id: 'default' } } })).roles?.map(
        (role) => role.name,
      )
    expect(await roles('glance', 'service')).toEqual(['service'])
    expect(await roles('admin', 'admin')).toEqual(['admin', 'manager', 'member', 'reader'])
  })

  test('two scopes at once, or one without a name, are 400', async () => {
    expect((await byPassword('demo', { project: { id: 'x' }, domain: { id: 'default' } })).status).toBe(400)
    const nameless = await byPassword('demo', { project: {} })
    expect([nameless.status, messageOf(nameless)]).toEqual([
      400,
      "Invalid input for field 'scope/project': id or name must be present.",
    ])
  })
})

describe('logins', () => {
  test('an unknown method, two users, or values of another type are refused without an error of the server', async () => {
    const post = (json: unknown) => call('POST', `${cloud.authUrl}/auth/tokens`, { json })
    const identity = { methods: ['kerberos'], kerberos: {} }
    expect((await post({ auth: { identity } })).status).toBe(401)
    for (const bad of [
      { auth: 'x' },
      { auth: { identity: [] } },
      { auth: { identity: { methods: [] } } },
      { auth: { identity: { methods: ['password'] } } },
      { auth: { identity: { methods: ['password'], password: { user: 'demo' } } } },
      { auth: { identity: { methods: ['password'], password: { user: { name: 1, password: 'secret' } } } } },
      { auth: { identity: { methods: ['token'], token: {} } } },
      { auth: { identity: { methods: ['application_credential'], application_credential: {} } } },
      [],
      'text',
    ]) {
      expect([JSON.stringify(bad), (await post(bad)).status]).toEqual([JSON.stringify(bad), 400])
    }
  })

  test('the refusal names the identity service to go to', async () => {
    const answer = await get('/auth/projects', 'unknown')
    expect(answer.headers.get('www-authenticate')).toBe(`Keystone uri="${cloud.url}/identity"`)
  })
})

describe('tokens', () => {
  test("a token is read by its own user, an admin and the role service; others' are 403", async () => {
    const glance = await login(cloud.authUrl, 'glance', 'service')
    const validate = async (token: string, subject: string) =>
      (await call('GET', `${cloud.authUrl}/auth/tokens`, { token, headers: { 'x-subject-token': subject } })).status
    expect(await validate(admin.token, demo.token)).toBe(200)
    expect(await validate(glance.token, demo.token)).toBe(200)
    expect(await validate(demo.token, admin.token)).toBe(403)
  })

  test('a token ends when its time is up', async () => {
    await using brief = await startCloud({ port: 0, config: { tokenLifeSeconds: 2 } })
    const { token } = await login(brief.authUrl, 'demo')
    await expect.poll(async () => (await call('GET', `${brief.imageUrl}/v2/images`, { token })).status).toBe(401)
  })

  test('a token of a restricted application credential makes no further ones, and ends with the credential', async () => {
    const me = tokenOf(
      await call('GET', `${cloud.authUrl}/auth/tokens`, {
        token: demo.token,
        headers: { 'x-subject-token': demo.token },
      }),
    ).user.id
    const path = `${cloud.authUrl}/users/${me}/application_credentials`
    const json = { application_credential: { name: 'ci', roles: [{ name: 'reader' }] } }
    const made = await call('POST', path, { token: demo.token, json })
    expect(made.status).toBe(201)
    expect((await call('POST', path, { token: demo.token, json })).status).toBe(409)
    const { id, secret } = (made.body as { application_credential: { id: string; secret: string } })
      .application_credential
    const identity = { methods: ['application_credential'], application_credential: { id, secret } }
    const answer = await call('POST', `${cloud.authUrl}/auth/tokens`, { json: { auth: { identity } } })
    expect(tokenOf(answer).roles?.map(({ name }) => name)).toEqual(['reader'])
    const token = answer.headers.get('x-subject-token') ?? ''
    expect((await call('POST', path, { token, json: { application_credential: { name: 'more' } } })).status).toBe(403)

    const exchange = { methods: ['token'], token: { id: token } }
    const elsewhere = { project: { name: 'other', domain: { id: 'default' } } }
    const moved = await call('POST', `${cloud.authUrl}/auth/tokens`, {
      json: { auth: { identity: exchange, scope: elsewhere } },
    })
    expect(moved.status).toBe(401)

    expect((await call('DELETE', `${path}/${id}`, { token: demo.token })).status).toBe(204)
    expect((await get('/auth/projects', token)).status).toBe(401)
  })

  test('a credential gives no role that its maker has not', async () => {
    const me = tokenOf(
      await call('GET', `${cloud.authUrl}/auth/tokens`, {
        token: demo.token,
        headers: { 'x-subject-token': demo.token },
      }),
    ).user.id
    const json = { application_credential: { name: 'too-much', roles: [{ name: 'admin' }] } }
    const answer = await call('POST', `${cloud.authUrl}/users/${me}/application_credentials`, {
      token: demo.token,
      json,
    })
    expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining('unassigned role')])
  })
})

describe('what is there', () => {
  test.each(['/users', '/projects', '/roles', '/domains', '/role_assignments', '/services', '/endpoints'])(
    '%s is for admins',
    async (path) => {
      const refused = await get(path)
      expect([refused.status, messageOf(refused)]).toEqual([
        403,
        `You are not authorized to perform the requested action: identity:list_${path.slice(1)}.`,
      ])
      expect((await get(path, admin.token)).status).toBe(200)
    },
  )

  test('names find users, projects and roles', async () => {
    const found = async (kind: string, name: string) => {
      const items = ((await get(`/${kind}?name=${name}`, admin.token)).body as Record<string, { name: string }[]>)[kind]
      return items?.map((item) => item.name)
    }
    expect(await found('users', 'demo')).toEqual(['demo'])
    expect(await found('projects', 'other')).toEqual(['other'])
    expect(await found('roles', 'member')).toEqual(['member'])
    expect(await found('domains', 'Default')).toEqual(['Default'])
    expect(await found('projects', 'none')).toEqual([])
  })

  test('role assignments narrow by user and project, with names where they are asked for', async () => {
    const query = `scope.project.id=${demo.projectId}&include_names`
    const { body } = await get(`/role_assignments?${query}`, admin.token)
    expect(body).toMatchObject({
      role_assignments: [{ user: { name: 'demo' }, role: { name: 'member' }, scope: { project: { name: 'demo' } } }],
    })
  })

  test("a user reads its own projects, not another user's", async () => {
    const { users } = (await get('/users', admin.token)).body as { users: { id: string; name: string }[] }
    const id = (name: string) => users.find((user) => user.name === name)?.id
    expect((await get(`/users/${id('demo')}/projects`)).status).toBe(200)
    expect((await get(`/users/${id('admin')}/projects`)).status).toBe(403)
    expect((await get(`/users/${id('admin')}`)).status).toBe(403)
  })
})

test.each(['service', 'endpoint', 'region'])('a built-in %s can be neither changed nor removed', async (kind) => {
  const listed = (await get(`/${kind}s`, admin.token)).body as Record<string, { id: string }[]>
  const id = listed[`${kind}s`]?.[0]?.id
  const message = `The ${kind} ${id} belongs to this cloud and cannot be changed or removed: create another one.`
  for (const method of ['PATCH', 'DELETE']) {
    const json = { [kind]: { description: 'other' } }
    const answer = await call(method, `${cloud.authUrl}/${kind}s/${id}`, { token: admin.token, json })
    expect([answer.status, messageOf(answer)]).toEqual([403, message])
  }
  expect((await get(`/${kind}s`, admin.token)).body).toEqual(listed)
})
