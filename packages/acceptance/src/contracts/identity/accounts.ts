import { expectStatus, type Scratch } from '../scratch.js'
import { exchange, type Answer } from '../wire.js'

/** What an account is in Keystone's responses. */
export interface Named {
  readonly id: string
  readonly name: string
  readonly [field: string]: unknown
}

/** The password of every user that these functions create. */
export const password = 'a-password'
export const domain = { id: 'default' }

/** Creates a project that is removed after the test. */
export async function makeProject(scratch: Scratch, fields: object = {}): Promise<Named> {
  const answer = await scratch.admin.identity('POST', '/projects', {
    json: { project: { name: scratch.name(), ...fields } },
  })
  expectStatus(answer, 201)
  const { project } = answer.json<{ project: Named }>()
  scratch.later(() => scratch.admin.identity('DELETE', `/projects/${project.id}`))
  return project
}

/** Creates a user that is removed after the test. */
export async function makeUser(scratch: Scratch, fields: object = {}): Promise<Named> {
  const json = { user: { name: scratch.name(), password, ...fields } }
  const answer = await scratch.admin.identity('POST', '/users', { json })
  expectStatus(answer, 201)
  const { user } = answer.json<{ user: Named }>()
  scratch.later(() => scratch.admin.identity('DELETE', `/users/${user.id}`))
  return user
}

/** Creates a group that is removed after the test. */
export async function makeGroup(scratch: Scratch, fields: object = {}): Promise<Named> {
  const json = { group: { name: scratch.name(), ...fields } }
  const answer = await scratch.admin.identity('POST', '/groups', { json })
  expectStatus(answer, 201)
  const { group } = answer.json<{ group: Named }>()
  scratch.later(() => scratch.admin.identity('DELETE', `/groups/${group.id}`))
  return group
}

/** Creates a role that is removed after the test. */
export async function makeRole(scratch: Scratch, fields: object = {}): Promise<Named> {
  const answer = await scratch.admin.identity('POST', '/roles', { json: { role: { name: scratch.name(), ...fields } } })
  expectStatus(answer, 201)
  const { role } = answer.json<{ role: Named }>()
  scratch.later(() => scratch.admin.identity('DELETE', `/roles/${role.id}`))
  return role
}

/** The role with this name, one of those that every cloud has. */
export async function roleNamed(scratch: Scratch, name: string): Promise<Named> {
  const answer = await scratch.admin.identity('GET', `/roles?name=${name}`)
  expectStatus(answer, 200)
  const [role] = answer.json<{ roles: Named[] }>().roles
  if (role === undefined) throw new Error(`no role ${name}`)
  return role
}

/** Creates a user with the role member in a project of its own. */
export async function makeAccount(scratch: Scratch, role = 'member'): Promise<{ user: Named; project: Named }> {
  const [project, user, { id }] = [await makeProject(scratch), await makeUser(scratch), await roleNamed(scratch, role)]
  expectStatus(await scratch.admin.identity('PUT', `/projects/${project.id}/users/${user.id}/roles/${id}`), 204)
  return { user, project }
}

export interface Login {
  readonly user: object
  readonly scope?: unknown
}

/** Asks for a token by password. */
export function logIn(scratch: Scratch, { user, scope }: Login): Promise<Answer> {
  const identity = { methods: ['password'], password: { user: { password, ...user } } }
  return exchange('POST', `${scratch.target.authUrl}/auth/tokens`, {
    json: { auth: { identity, ...(scope !== undefined && { scope }) } },
  })
}

/** A token by password. @throws when the login is refused */
export async function tokenFor(scratch: Scratch, login: Login): Promise<string> {
  const answer = await logIn(scratch, login)
  expectStatus(answer, 201)
  return answer.headers['x-subject-token'] ?? ''
}

/** A call to Keystone with a token. */
export function callWith(
  scratch: Scratch,
  token: string,
  method: string,
  path: string,
  json?: unknown,
): Promise<Answer> {
  return exchange(method, `${scratch.target.authUrl}${path}`, {
    headers: { 'x-auth-token': token },
    ...(json !== undefined && { json }),
  })
}

/** The message of a refusal. */
export const messageOf = (answer: Answer) => answer.json<{ error: { message: string } }>().error.message
export const notAuthorized = (action: string) =>
  `You are not authorized to perform the requested action: identity:${action}.`
