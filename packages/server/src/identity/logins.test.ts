import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud, type UserConfig } from '../index.js'
import { call } from '../testing/sign-in.js'

const domain = { id: 'default' }
const logIn = (authUrl: string, identity: object, scope?: unknown) =>
  call('POST', `${authUrl}/auth/tokens`, { json: { auth: { identity, ...(scope !== undefined && { scope }) } } })
const byPassword = (authUrl: string, name: string, password: string, project?: string) =>
  logIn(
    authUrl,
    { methods: ['password'], password: { user: { name, domain, password } } },
    project === undefined ? undefined : { project: { name: project, domain } },
  )

describe('what a login names', () => {
  let cloud: EmbeddedCloud
  beforeAll(async () => {
    cloud = await startCloud({ port: 0 })
  })
  afterAll(() => cloud.close())

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'trust', ''])(
    'a scope, a method or an object called %j is 400 or 401',
    async (name) => {
      const password = { user: { name: 'demo', domain, password: 'secret' } }
      const named = JSON.parse(`{${JSON.stringify(name)}:{}}`) as object
      expect((await logIn(cloud.authUrl, { methods: ['password'], password }, named)).status).toBe(400)
      expect((await logIn(cloud.authUrl, { methods: [name], ...named })).status).toBe(401)
      expect((await logIn(cloud.authUrl, { methods: ['password'], password: named })).status).toBe(400)
      expect((await call('POST', `${cloud.authUrl}/auth/tokens`, { json: { auth: named } })).status).toBe(400)
    },
  )

  test('a method is tried once, however often it is named', async () => {
    const password = { user: { name: 'demo', domain, password: 'secret' } }
    const methods = Array.from({ length: 8000 }, () => 'password')
    const made = await logIn(cloud.authUrl, { methods, password })
    expect([made.status, (made.body as { token: { methods: string[] } }).token.methods]).toEqual([201, ['password']])
  })

  test('one user has a thousand application credentials, and no longer list', async () => {
    const made = await byPassword(cloud.authUrl, 'demo', 'secret', 'demo')
    const token = made.headers.get('x-subject-token') ?? ''
    const { user } = (made.body as { token: { user: { id: string } } }).token
    const credentials = `${cloud.authUrl}/users/${user.id}/application_credentials`
    const create = (at: number) =>
      call('POST', credentials, {
        token,
        json: { application_credential: { name: `c${at}`, description: 'd'.repeat(60_000) } },
      })
    let refused = 0
    for (let at = 0; at < 40; at += 1) {
      const { status } = await create(at)
      expect([201, 403]).toContain(status)
      if (status === 403) refused += 1
    }
    expect(refused).toBeGreaterThan(0)
    expect((await call('GET', credentials, { token })).status).toBe(200)
  })
})

describe('after a restart with another configuration', () => {
  const demo = { name: 'demo', password: 'first', project: 'demo', roles: ['member'] } as const
  const other = { name: 'other', password: 'first', project: 'other', roles: ['member'] } as const
  const inOther = { ...demo, project: 'other' }
  let folder: string
  let data: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tyrax-logins-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Starts one cloud per list of users over the same data; returns the status that a token of demo gets from each. */
  async function statuses(runs: readonly (readonly UserConfig[])[], project: string, isCredential = false) {
    data = await mkdtemp(path.join(folder, 'data-'))
    let token = ''
    const seen: number[] = []
    for (const users of runs) {
      await using cloud = await startCloud({ port: 0, data, config: { users, projects: ['demo', 'other'] } })
      if (token === '') {
        const made = await byPassword(cloud.authUrl, 'demo', 'first', project)
        token = made.headers.get('x-subject-token') ?? ''
        if (isCredential) token = await viaCredential(cloud, token, made.body)
      }
      seen.push((await call('GET', `${cloud.imageUrl}/v2/images`, { token })).status)
    }
    return seen
  }

  async function viaCredential(cloud: EmbeddedCloud, token: string, body: unknown): Promise<string> {
    const { user } = (body as { token: { user: { id: string } } }).token
    const made = await call('POST', `${cloud.authUrl}/users/${user.id}/application_credentials`, {
      token,
      json: { application_credential: { name: 'kept' } },
    })
    const { id, secret } = (made.body as { application_credential: { id: string; secret: string } })
      .application_credential
    const identity = { methods: ['application_credential'], application_credential: { id, secret } }
    return (await logIn(cloud.authUrl, identity)).headers.get('x-subject-token') ?? ''
  }

  test('a token goes on with the same one', async () => {
    expect(
      await statuses(
        [
          [demo, other],
          [demo, other],
        ],
        'demo',
      ),
    ).toEqual([200, 200])
    expect(await statuses([[demo, other], [demo]], 'demo')).toEqual([200, 200])
  })

  test('a token ends with a changed password, and stays ended when it is changed back', async () => {
    const changed = { ...demo, password: 'second' }
    expect(
      await statuses(
        [
          [demo, other],
          [changed, other],
          [demo, other],
        ],
        'demo',
      ),
    ).toEqual([200, 401, 401])
  })

  test('a token of a removed user does not come back with the user', async () => {
    expect(await statuses([[demo, other], [other], [demo, other]], 'demo')).toEqual([200, 401, 401])
  })

  test('nor one of a role that was taken away', async () => {
    expect(
      await statuses(
        [
          [demo, inOther],
          [demo, other],
          [demo, inOther],
        ],
        'other',
      ),
    ).toEqual([200, 401, 401])
  })

  test('application credentials end with the user and the role, not with the password', async () => {
    const changed = { ...demo, password: 'second' }
    expect(await statuses([[demo, other], [other], [demo, other]], 'demo', true)).toEqual([200, 401, 401])
    expect(
      await statuses(
        [
          [demo, inOther],
          [demo, other],
          [demo, inOther],
        ],
        'other',
        true,
      ),
    ).toEqual([200, 401, 401])
    expect(
      await statuses(
        [
          [demo, other],
          [changed, other],
        ],
        'demo',
        true,
      ),
    ).toEqual([200, 401])
  })
})
