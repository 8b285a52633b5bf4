import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { exchange } from '../wire.js'
import { callWith, logIn, makeAccount, makeRole, password, roleNamed, tokenFor } from './accounts.js'

/** What ends tokens and application credentials, and what only interrupts them. */
export function revocationContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('revocation', makeTarget, (scratch) => {
    const admin = (method: string, path: string, json?: unknown) =>
      scratch.admin.identity(method, path, json === undefined ? {} : { json })
    const grantPath = (place: string, user: string, role: string) => `/projects/${place}/users/${user}/roles/${role}`
    /** The roles of a token as the identity service tells them; undefined once it has ended. */
    const rolesOf = async (token: string) => {
      const answer = await scratch.admin.identity('GET', '/auth/tokens', { headers: { 'x-subject-token': token } })
      if (answer.status === 404) return undefined
      expectStatus(answer, 200)
      const { roles = [] } = answer.json<{ token: { roles?: { name: string }[] } }>().token
      return roles.map(({ name }) => name).toSorted()
    }
    /** An account with a token for its project and an unscoped one. */
    const signedIn = async () => {
      const account = await makeAccount(scratch)
      const login = { user: { id: account.user.id }, scope: { project: { id: account.project.id } } }
      const token = await tokenFor(scratch, login)
      return { ...account, login, token, unscoped: await tokenFor(scratch, { user: { id: account.user.id } }) }
    }
    const makeCredential = async ({ user, token }: { user: { id: string }; token: string }) => {
      const path = `/users/${user.id}/application_credentials`
      const json = { application_credential: { name: scratch.name() } }
      const made = await callWith(scratch, token, 'POST', path, json)
      expectStatus(made, 201)
      const { id, secret } = made.json<{ application_credential: { id: string; secret: string } }>()
        .application_credential
      // Before its user is removed: see `credentialThatEnds`.
      scratch.later(() => admin('DELETE', `${path}/${id}`))
      const list = async () => {
        const answer = await admin('GET', path)
        return answer
          .json<{ application_credentials: { id: string }[] }>()
          .application_credentials.map((each) => each.id)
      }
      const logInWith = async () => {
        const identity = { methods: ['application_credential'], application_credential: { id, secret } }
        const answer = await exchange('POST', `${scratch.target.authUrl}/auth/tokens`, { json: { auth: { identity } } })
        return { status: answer.status, token: answer.headers['x-subject-token'] ?? '' }
      }
      return { id, list, logIn: logInWith }
    }
    /**
     * A credential that ends with something else. Only on the embedded cloud: a Keystone on SQLite, as these tests start
     * it, leaves rows of it behind then, which make it refuse the next credential (its tables have no foreign keys there).
     */
    const credentialThatEnds = async (of: Parameters<typeof makeCredential>[0]) =>
      scratch.target.isReal ? undefined : makeCredential(of)
    /** The real service counts in whole seconds: what is issued in the second of a revocation may be revoked with it. */
    const tokenThatLasts = async (login: Parameters<typeof logIn>[1]) => {
      let token = ''
      await expect
        .poll(
          async () => {
            token = await tokenFor(scratch, login)
            return rolesOf(token)
          },
          { timeout: 30_000, interval: 500 },
        )
        .toBeDefined()
      return token
    }

    test('a password that an admin sets ends every token of the user, not its application credentials', async () => {
      const { user, login, token, unscoped } = await signedIn()
      const credential = await makeCredential({ user, token })
      const delegated = await credential.logIn()
      expectStatus(await admin('PATCH', `/users/${user.id}`, { user: { password: 'other' } }), 200)
      for (const each of [token, unscoped, delegated.token]) expect(await rolesOf(each)).toBeUndefined()
      expectStatus(await logIn(scratch, login), 401)
      await tokenThatLasts({ ...login, user: { ...login.user, password: 'other' } })
      expect((await credential.logIn()).status).toBe(201)
    })

    test("a user's own change of the password ends its tokens, everywhere", async () => {
      const { user, token, project, login } = await signedIn()
      const account = await scratch.target.login({ username: user.name, password, projectName: project.name })
      const change = { user: { password: 'other', original_password: password } }
      expectStatus(await callWith(scratch, token, 'POST', `/users/${user.id}/password`, change), 204)
      expect(await rolesOf(token)).toBeUndefined()
      expectStatus(await callWith(scratch, token, 'GET', '/auth/projects'), 401)
      await expect
        .poll(async () => (await account.image('GET', '/v2/images?limit=1')).status, { timeout: 30_000 })
        .toBe(401)
      const again = await tokenThatLasts({ ...login, user: { ...login.user, password: 'other' } })
      expect(await rolesOf(again)).toEqual(['member', 'reader'])
    })

    test('a disabled user has no tokens and no logins; enabled again, it has its logins back', async () => {
      const { user, login, token, unscoped } = await signedIn()
      const credential = await makeCredential({ user, token })
      expectStatus(await admin('PATCH', `/users/${user.id}`, { user: { enabled: false } }), 200)
      expect([await rolesOf(token), await rolesOf(unscoped)]).toEqual([undefined, undefined])
      expectStatus(await logIn(scratch, login), 401)
      expect((await credential.logIn()).status).toBe(401)
      expectStatus(await admin('PATCH', `/users/${user.id}`, { user: { enabled: true } }), 200)
      expect([await rolesOf(token), await rolesOf(unscoped)]).toEqual([undefined, undefined])
      await tokenThatLasts(login)
      expect((await credential.logIn()).status).toBe(201)
    })

    test('the tokens for a disabled project rest until it is enabled again', async () => {
      const { user, project, login, token, unscoped } = await signedIn()
      const credential = await makeCredential({ user, token })
      expectStatus(await admin('PATCH', `/projects/${project.id}`, { project: { enabled: false } }), 200)
      expect([await rolesOf(token), await rolesOf(unscoped)]).toEqual([undefined, []])
      expectStatus(await logIn(scratch, login), 401)
      expect((await credential.logIn()).status).toBeGreaterThanOrEqual(401)
      expectStatus(await admin('PATCH', `/projects/${project.id}`, { project: { enabled: true } }), 200)
      expect(await rolesOf(token)).toEqual(['member', 'reader'])
      expect((await credential.logIn()).status).toBe(201)
    })

    test('a grant that is taken back is gone from tokens at once, and the last one ends them', async () => {
      const { user, project, login, token, unscoped } = await signedIn()
      const [member, reader] = [await roleNamed(scratch, 'member'), await roleNamed(scratch, 'reader')]
      const credential = await makeCredential({ user, token })
      expectStatus(await admin('PUT', grantPath(project.id, user.id, reader.id)), 204)
      expectStatus(await admin('DELETE', grantPath(project.id, user.id, member.id)), 204)
      expect(await rolesOf(token)).toEqual(['reader'])
      const delegated = await credential.logIn()
      expect(await rolesOf(delegated.token)).toEqual(['reader'])
      expectStatus(await admin('DELETE', grantPath(project.id, user.id, reader.id)), 204)
      expect([await rolesOf(token), await rolesOf(delegated.token)]).toEqual([undefined, undefined])
      expect(await rolesOf(unscoped)).toEqual([])
      expectStatus(await logIn(scratch, login), 401)
      expect((await credential.logIn()).status).toBe(401)
      expect(await credential.list()).toEqual([credential.id])
      expectStatus(await admin('PUT', grantPath(project.id, user.id, member.id)), 204)
      expect(await rolesOf(token)).toEqual(['member', 'reader'])
      expect((await credential.logIn()).status).toBe(201)
    })

    test('a removed role is gone from tokens, and with it the application credentials of its users', async () => {
      const role = await makeRole(scratch)
      const { user, project, token } = await signedIn()
      expectStatus(await admin('PUT', grantPath(project.id, user.id, role.id)), 204)
      const credential = await credentialThatEnds({ user, token })
      expect(await rolesOf(token)).toContain(role.name)
      expectStatus(await admin('DELETE', `/roles/${role.id}`), 204)
      expect(await rolesOf(token)).toEqual(['member', 'reader'])
      expect((await credential?.list()) ?? []).toEqual([])
    })

    test('a removed project ends its tokens and application credentials; its images and containers stay', async () => {
      const { user, project, token, unscoped } = await signedIn()
      const credential = await credentialThatEnds({ user, token })
      const account = await scratch.target.login({ username: user.name, password, projectName: project.name })
      const image = await scratch.image({ name: scratch.name() }, account)
      scratch.later(() => scratch.admin.image('DELETE', `/v2/images/${image.id}`))
      expectStatus(await admin('DELETE', `/projects/${project.id}`), 204)
      expect([await rolesOf(token), await rolesOf(unscoped)]).toEqual([undefined, []])
      expect((await credential?.list()) ?? []).toEqual([])
      const left = await scratch.admin.image('GET', `/v2/images/${image.id}`)
      expectStatus(left, 200)
      expect(left.json<{ owner: string }>().owner).toBe(project.id)
    })

    test('a removed user ends its tokens, application credentials and other credentials', async () => {
      const { user, token, unscoped } = await signedIn()
      const credential = await credentialThatEnds({ user, token })
      const json = { credential: { type: 'cert', blob: 'anything', user_id: user.id } }
      expectStatus(await admin('POST', '/credentials', json), 201)
      expectStatus(await admin('DELETE', `/users/${user.id}`), 204)
      expect([await rolesOf(token), await rolesOf(unscoped)]).toEqual([undefined, undefined])
      expect((await credential?.logIn())?.status ?? 404).toBe(404)
      const left = await admin('GET', `/credentials?user_id=${user.id}`)
      expect(left.json<{ credentials: object[] }>().credentials).toEqual([])
    })

    test('another name for the user or the project ends nothing', async () => {
      const { user, project, token } = await signedIn()
      expectStatus(await admin('PATCH', `/users/${user.id}`, { user: { name: scratch.name() } }), 200)
      expectStatus(await admin('PATCH', `/projects/${project.id}`, { project: { name: scratch.name() } }), 200)
      expect(await rolesOf(token)).toEqual(['member', 'reader'])
    })
  })
}
