import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../index.js'
import { call, login } from '../testing/sign-in.js'

let data: string
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'tyrax-seed-'))
})
afterEach(() => rm(data, { recursive: true, force: true }))

interface User {
  readonly name: string
  readonly password: string
  readonly project: string
  readonly roles: ('admin' | 'member' | 'reader')[]
}
const admin: User = { name: 'admin', password: 'secret', project: 'admin', roles: ['admin'] }
const demo: User = { name: 'demo', password: 'secret', project: 'demo', roles: ['member'] }

/** Runs a cloud on the data folder, with an admin's token. */
async function run<T>(users: readonly User[], work: (cloud: Running) => Promise<T>): Promise<T> {
  await using cloud = await startCloud({ port: 0, data, config: { users: [...users] } })
  const { token } = await login(cloud.authUrl, 'admin')
  const ask = async (method: string, at: string, json?: unknown) => {
    const answer = await call(method, `${cloud.authUrl}${at}`, { token, json })
    return { status: answer.status, body: answer.body as Record<string, { id: string }> }
  }
  const find = async (kind: 'users' | 'projects' | 'roles', name: string) => {
    const { body } = await ask('GET', `/${kind}?name=${name}`)
    return (body as unknown as Record<string, { id: string; enabled: boolean }[]>)[kind]?.[0]
  }
  return await work({ cloud, ask, find, idOf: async (kind, name) => (await find(kind, name))?.id ?? '' })
}

interface Running {
  readonly cloud: EmbeddedCloud
  readonly ask: (
    method: string,
    at: string,
    json?: unknown,
  ) => Promise<{ status: number; body: Record<string, { id: string }> }>
  readonly find: (
    kind: 'users' | 'projects' | 'roles',
    name: string,
  ) => Promise<{ id: string; enabled: boolean } | undefined>
  readonly idOf: (kind: 'users' | 'projects' | 'roles', name: string) => Promise<string>
}

const logIn = async ({ cloud }: Running, name: string, password: string, project?: string) => {
  const domain = { id: 'default' }
  const identity = { methods: ['password'], password: { user: { name, domain, password } } }
  const scope = project === undefined ? undefined : { project: { name: project, domain } }
  return (await call('POST', `${cloud.authUrl}/auth/tokens`, { json: { auth: { identity, scope } } })).status
}

test('accounts that requests created are there after a restart', async () => {
  await run([admin, demo], async ({ ask, idOf }) => {
    const { body: project } = await ask('POST', '/projects', { project: { name: 'made', description: 'by a request' } })
    const { body: user } = await ask('POST', '/users', { user: { name: 'maker', password: 'own', email: 'a@b.c' } })
    const { body: role } = await ask('POST', '/roles', { role: { name: 'ResellerAdmin' } })
    const grants = `/projects/${project['project']?.id}/users/${user['user']?.id}/roles`
    await ask('PUT', `${grants}/${role['role']?.id}`)
    await ask('PUT', `${grants}/${await idOf('roles', 'member')}`)
  })
  await run([admin, demo], async (running) => {
    expect(await running.find('projects', 'made')).toMatchObject({ description: 'by a request', enabled: true })
    expect(await running.find('users', 'maker')).toMatchObject({ email: 'a@b.c', enabled: true })
    expect(await running.find('roles', 'ResellerAdmin')).toBeDefined()
    expect(await logIn(running, 'maker', 'own', 'made')).toBe(201)
  })
})

test('the same configuration undoes no change that requests made', async () => {
  await run([admin, demo], async ({ ask, idOf }) => {
    const user = await idOf('users', 'demo')
    const project = await idOf('projects', 'demo')
    await ask('PATCH', `/users/${user}`, { user: { password: 'changed' } })
    await ask('PUT', `/projects/${project}/users/${user}/roles/${await idOf('roles', 'reader')}`)
    await ask('DELETE', `/projects/${project}/users/${user}/roles/${await idOf('roles', 'member')}`)
  })
  await run([admin, demo], async (running) => {
    expect(await logIn(running, 'demo', 'secret')).toBe(401)
    expect(await logIn(running, 'demo', 'changed', 'demo')).toBe(201)
    const { ask, idOf } = running
    const grants = `/projects/${await idOf('projects', 'demo')}/users/${await idOf('users', 'demo')}/roles`
    const { body } = await ask('GET', grants)
    expect((body['roles'] as unknown as { name: string }[]).map(({ name }) => name)).toEqual(['reader'])
    await ask('DELETE', `/users/${await idOf('users', 'demo')}`)
    await ask('DELETE', `/projects/${await idOf('projects', 'demo')}`)
  })
  await run([admin, demo], async ({ find }) => {
    expect([await find('users', 'demo'), await find('projects', 'demo')]).toEqual([undefined, undefined])
  })
})

test('a password that is changed in the configuration counts, and only then', async () => {
  await run([admin, demo], async ({ ask, idOf }) => {
    await ask('PATCH', `/users/${await idOf('users', 'demo')}`, { user: { password: 'changed' } })
  })
  await run([admin, { ...demo, password: 'configured' }], async (running) => {
    expect(await logIn(running, 'demo', 'changed')).toBe(401)
    expect(await logIn(running, 'demo', 'configured')).toBe(201)
  })
})

test('a user that is no longer configured is disabled, one that a request created is not', async () => {
  await run([admin, demo], async ({ ask }) => {
    await ask('POST', '/users', { user: { name: 'maker', password: 'own' } })
  })
  await run([admin], async (running) => {
    expect(await running.find('users', 'demo')).toMatchObject({ enabled: false })
    expect(await logIn(running, 'demo', 'secret')).toBe(401)
    expect(await logIn(running, 'maker', 'own')).toBe(201)
  })
  await run([admin, demo], async (running) => {
    expect(await logIn(running, 'demo', 'secret', 'demo')).toBe(201)
  })
})

test('a configured user that requests removed and created anew is the new one', async () => {
  await run([admin, demo], async ({ ask, idOf }) => {
    await ask('DELETE', `/users/${await idOf('users', 'demo')}`)
    await ask('POST', '/users', { user: { name: 'demo', password: 'own' } })
  })
  await run([admin, demo], async (running) => {
    expect(await logIn(running, 'demo', 'own')).toBe(201)
  })
  await run([admin, { ...demo, password: 'configured' }], async (running) => {
    expect(await logIn(running, 'demo', 'own')).toBe(401)
    expect(await logIn(running, 'demo', 'configured', 'demo')).toBe(201)
  })
})

test('a removed account that is configured otherwise comes back', async () => {
  await run([admin, demo], async ({ ask, idOf }) => {
    await ask('DELETE', `/users/${await idOf('users', 'demo')}`)
  })
  await run([admin, { ...demo, password: 'other' }], async (running) => {
    expect(await logIn(running, 'demo', 'other', 'demo')).toBe(201)
  })
})
