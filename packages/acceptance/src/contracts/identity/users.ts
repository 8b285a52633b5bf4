import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { exchange, type Answer } from '../wire.js'
import {
  domain,
  logIn,
  makeAccount,
  makeProject,
  makeUser,
  messageOf,
  notAuthorized,
  password,
  type Named,
} from './accounts.js'

interface TokenBody {
  token: { user: { id: string }; project?: { id: string }; roles?: { name: string }[] }
}

/** Users: create, change, remove, passwords, and that a new one can use the cloud at once. */
export function usersContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('users', makeTarget, (scratch) => {
    const admin = (method: string, path: string, json?: unknown) =>
      scratch.admin.identity(method, path, json === undefined ? {} : { json })
    const create = (user: object) => admin('POST', '/users', { user })
    const userOf = (answer: Answer) => answer.json<{ user: Named }>().user

    test('a user has what it was created with, and never its password', async () => {
      const { id: projectId } = await makeProject(scratch)
      const fields = { email: 'someone@example.org', description: 'a user', default_project_id: projectId, shoe: 43 }
      const user = await makeUser(scratch, fields)
      expect(user).toMatchObject({
        ...fields,
        domain_id: 'default',
        enabled: true,
        password_expires_at: null,
        options: {},
        links: { self: expect.stringMatching(`/v3/users/${user.id}$`) },
      })
      expect(user).not.toHaveProperty('password')
      const read = await admin('GET', `/users/${user.id}`)
      expectStatus(read, 200)
      expect(userOf(read)).toEqual(user)
    })

    test('a second user of the same name is a conflict', async () => {
      const { name } = await makeUser(scratch)
      const answer = await create({ name })
      expectStatus(answer, 409)
      expect(messageOf(answer)).toBe(
        `Conflict occurred attempting to store user - Duplicate entry found with name ${name} at domain ID default.`,
      )
    })

    test.each([
      [{ user: {} }, "Invalid input for field/attribute user. Value: {}. 'name' is a required property"],
      [{}, "'user' is a required property"],
      [{ user: { name: '' } }, "Invalid input for field/attribute name. Value: . '' should be non-empty"],
      [
        { user: { name: 'x', password: 5 } },
        "Invalid input for field/attribute password. Value: 5. 5 is not of type 'string', 'null'",
      ],
      [
        { user: { name: 'x', options: { other: true } } },
        "Invalid input for field/attribute options. Value: {'other': True}. " +
          "Additional properties are not allowed ('other' was unexpected)",
      ],
    ])('%j is no user', async (json, message) => {
      const answer = await admin('POST', '/users', json)
      expectStatus(answer, 400)
      expect(messageOf(answer)).toBe(message)
    })

    test('an unknown domain is not found', async () => {
      const answer = await create({ name: scratch.name(), domain_id: 'none' })
      expectStatus(answer, 404)
      expect(messageOf(answer)).toBe('Could not find domain: none.')
    })

    test('only an admin writes', async () => {
      const { id } = await makeUser(scratch)
      for (const [method, path, action] of [
        ['POST', '/users', 'create_user'],
        ['PATCH', `/users/${id}`, 'update_user'],
        ['DELETE', `/users/${id}`, 'delete_user'],
      ] as const) {
        const json = { user: { name: scratch.name() } }
        const answer = await scratch.demo.identity(method, path, method === 'DELETE' ? {} : { json })
        expectStatus(answer, 403)
        expect(messageOf(answer)).toBe(notAuthorized(action))
      }
    })

    test('a new user logs in by id and by name, and is in its project by id and by name', async () => {
      const { user, project } = await makeAccount(scratch)
      for (const who of [{ id: user.id }, { name: user.name, domain }]) {
        for (const where of [{ id: project.id }, { name: project.name, domain }]) {
          const answer = await logIn(scratch, { user: who, scope: { project: where } })
          expectStatus(answer, 201)
          const { token } = answer.json<TokenBody>()
          expect([token.user.id, token.project?.id]).toEqual([user.id, project.id])
          expect(token.roles?.map(({ name }) => name).toSorted()).toEqual(['member', 'reader'])
        }
      }
      expectStatus(await logIn(scratch, { user: { id: user.id, password: 'wrong' } }), 401)
      const elsewhere = { project: { id: scratch.demo.projectId } }
      expectStatus(await logIn(scratch, { user: { id: user.id }, scope: elsewhere }), 401)
    })

    test('a new user owns images and containers in its project', async () => {
      const { user, project } = await makeAccount(scratch)
      const account = await scratch.target.login({ username: user.name, password, projectName: project.name })
      const image = await scratch.image({ name: 'of a new user' }, account)
      expect(image.owner).toBe(project.id)
      expectStatus(await scratch.demo.image('GET', `/v2/images/${image.id}`), 404)
      const container = scratch.name()
      expectStatus(await account.object('PUT', `/${container}`), 201)
      scratch.later(() => account.object('DELETE', `/${container}`))
      expectStatus(await account.object('PUT', `/${container}/object`, { body: 'data' }), 201)
      scratch.later(() => account.object('DELETE', `/${container}/object`))
      expect((await account.object('GET', `/${container}/object`)).text).toBe('data')
    })

    test('a login without a scope is for the default project, if the user has a role there', async () => {
      const { user, project } = await makeAccount(scratch)
      const projectOf = async () =>
        (await logIn(scratch, { user: { id: user.id } })).json<TokenBody>().token.project?.id
      expect(await projectOf()).toBeUndefined()
      expectStatus(await admin('PATCH', `/users/${user.id}`, { user: { default_project_id: project.id } }), 200)
      expect(await projectOf()).toBe(project.id)
      const unscoped = await logIn(scratch, { user: { id: user.id }, scope: 'unscoped' })
      expect(unscoped.json<TokenBody>().token.project).toBeUndefined()
      const other = { user: { default_project_id: scratch.demo.projectId } }
      expectStatus(await admin('PATCH', `/users/${user.id}`, other), 200)
      expect(await projectOf()).toBeUndefined()
    })

    test('an update changes what it names and keeps the rest', async () => {
      const user = await makeUser(scratch, { email: 'first@example.org', description: 'first' })
      const name = scratch.name()
      const answer = await admin('PATCH', `/users/${user.id}`, { user: { name, email: 'second@example.org' } })
      expectStatus(answer, 200)
      const extra = { email: 'second@example.org', description: 'first' }
      expect(userOf(answer)).toMatchObject({ id: user.id, name, ...extra, extra })
      expect(userOf(await admin('GET', `/users/${user.id}`))).not.toHaveProperty('extra')
      expectStatus(await logIn(scratch, { user: { name, domain } }), 201)
      expectStatus(await logIn(scratch, { user: { name: user.name, domain } }), 401)
      const other = await makeUser(scratch)
      const taken = await admin('PATCH', `/users/${user.id}`, { user: { name: other.name } })
      expectStatus(taken, 409)
      expect(messageOf(taken)).toBe(
        `Conflict occurred attempting to store user - Duplicate entry found with name ${other.name}.`,
      )
    })

    test('an update of nothing, of another id or domain, and of a missing user is refused', async () => {
      const { id } = await makeUser(scratch)
      for (const [path, user, status, message] of [
        [id, {}, 400, 'Invalid input for field/attribute user. Value: {}. {} should be non-empty'],
        [id, { id: 'other' }, 400, 'Cannot change ID'],
        [id, { domain_id: 'other' }, 400, 'Cannot change Domain ID'],
        ['none', { name: 'x' }, 404, 'Could not find user: none.'],
      ] as const) {
        const answer = await admin('PATCH', `/users/${path}`, { user })
        expectStatus(answer, status)
        expect(messageOf(answer)).toBe(message)
      }
      expectStatus(await admin('PATCH', `/users/${id}`, { user: { domain_id: 'default' } }), 200)
    })

    test('a user without a password cannot log in with one', async () => {
      const { id } = await makeUser(scratch, { password: null })
      for (const each of ['', 'None', 'null']) {
        expectStatus(await logIn(scratch, { user: { id, password: each } }), 401)
      }
    })

    test('a user changes its password with the old one, without a token', async () => {
      const { id } = await makeUser(scratch)
      const change = (user: object, of = id) =>
        exchange('POST', `${scratch.target.authUrl}/users/${of}/password`, { json: { user } })
      expectStatus(await change({ password: 'other', original_password: 'wrong' }), 401)
      expectStatus(await change({ password: 'other', original_password: password }, 'none'), 401)
      for (const [fields, missing] of [
        [{ password: 'other' }, 'original_password'],
        [{ original_password: password }, 'password'],
      ] as const) {
        const answer = await change(fields)
        expectStatus(answer, 400)
        expect(messageOf(answer)).toMatch(new RegExp(`^'${missing}' is a required property`))
      }
      expectStatus(await change({ password: 'other', original_password: password, more: 1 }), 400)
      expectStatus(await change({ password: 'other', original_password: password }), 204)
      expectStatus(await logIn(scratch, { user: { id } }), 401)
      expectStatus(await logIn(scratch, { user: { id, password: 'other' } }), 201)
    })

    test('users are found by name and by whether they are enabled', async () => {
      const { id, name } = await makeUser(scratch, { enabled: false })
      const found = async (query: string) => {
        const answer = await admin('GET', `/users?name=${name}${query}`)
        expectStatus(answer, 200)
        return answer.json<{ users: Named[] }>().users.map((user) => user.id)
      }
      expect(await found('')).toEqual([id])
      expect(await found('&enabled=false')).toEqual([id])
      expect(await found('&enabled=true')).toEqual([])
      expectStatus(await logIn(scratch, { user: { id } }), 401)
    })

    test('a removed user is gone, with its grants', async () => {
      const { user } = await makeAccount(scratch)
      expectStatus(await admin('DELETE', `/users/${user.id}`), 204)
      const again = await admin('DELETE', `/users/${user.id}`)
      expectStatus(again, 404)
      expect(messageOf(again)).toBe(`Could not find user: ${user.id}.`)
      const left = await admin('GET', `/role_assignments?user.id=${user.id}`)
      expect(left.json<{ role_assignments: object[] }>().role_assignments).toEqual([])
      expectStatus(await logIn(scratch, { user: { id: user.id } }), 401)
    })
  })
}
