import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import type { Answer } from '../wire.js'
import { makeAccount, makeRole, messageOf, notAuthorized, roleNamed, logIn, type Named } from './accounts.js'

interface Inference {
  readonly prior_role: Named
  readonly implies: Named[]
}

/** Roles: create, change, remove, what they imply, and the built-in ones. */
export function rolesContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('roles', makeTarget, (scratch) => {
    const admin = (method: string, path: string, json?: unknown) =>
      scratch.admin.identity(method, path, json === undefined ? {} : { json })
    const roleOf = (answer: Answer) => answer.json<{ role: Named }>().role

    test('a role has what it was created with, and is removed', async () => {
      const role = await makeRole(scratch)
      expect(role).toMatchObject({ domain_id: null, description: null, options: {} })
      const read = await admin('GET', `/roles/${role.id}`)
      expectStatus(read, 200)
      expect(roleOf(read)).toEqual(role)
      expectStatus(await admin('DELETE', `/roles/${role.id}`), 204)
      const again = await admin('DELETE', `/roles/${role.id}`)
      expectStatus(again, 404)
      expect(messageOf(again)).toBe(`Could not find role: ${role.id}.`)
    })

    test('a second role of the same name is a conflict, and a role without one is refused', async () => {
      const { name } = await makeRole(scratch)
      for (const [json, status, message] of [
        [
          { role: { name } },
          409,
          `Conflict occurred attempting to store role - Duplicate entry found with name ${name}.`,
        ],
        [{ role: {} }, 400, "Invalid input for field/attribute role. Value: {}. 'name' is a required property"],
        [{}, 400, "'role' is a required property"],
      ] as const) {
        const answer = await admin('POST', '/roles', json)
        expectStatus(answer, status)
        expect(messageOf(answer)).toBe(message)
      }
    })

    test('only an admin writes', async () => {
      const { id } = await makeRole(scratch)
      for (const [method, path, action] of [
        ['POST', '/roles', 'create_role'],
        ['PATCH', `/roles/${id}`, 'update_role'],
        ['DELETE', `/roles/${id}`, 'delete_role'],
        ['GET', `/roles/${id}`, 'get_role'],
      ] as const) {
        const json = { role: { name: scratch.name() } }
        const answer = await scratch.demo.identity(
          method,
          path,
          method === 'POST' || method === 'PATCH' ? { json } : {},
        )
        expectStatus(answer, 403)
        expect(messageOf(answer)).toBe(notAuthorized(action))
      }
    })

    test('a renamed role is the same one to those that have it', async () => {
      const role = await makeRole(scratch)
      const { user, project } = await makeAccount(scratch)
      expectStatus(await admin('PUT', `/projects/${project.id}/users/${user.id}/roles/${role.id}`), 204)
      const name = scratch.name()
      const answer = await admin('PATCH', `/roles/${role.id}`, { role: { name, description: 'renamed' } })
      expectStatus(answer, 200)
      expect(roleOf(answer)).toMatchObject({ id: role.id, name, description: 'renamed' })
      const login = await logIn(scratch, { user: { id: user.id }, scope: { project: { id: project.id } } })
      const { token } = login.json<{ token: { roles: Named[] } }>()
      expect(token.roles).toContainEqual({ id: role.id, name })
      expectStatus(await admin('PATCH', `/roles/${role.id}`, { role: {} }), 400)
    })

    test('the built-in roles are immutable', async () => {
      for (const name of ['admin', 'manager', 'member', 'reader', 'service']) {
        const role = await roleNamed(scratch, name)
        expect(role).toMatchObject({ name, domain_id: null, description: null, options: { immutable: true } })
        const advice = `immutable role resource: \`${role.id}. Set resource option "immutable" to false first.`
        const removed = await admin('DELETE', `/roles/${role.id}`)
        expectStatus(removed, 403)
        expect(messageOf(removed)).toBe(`Unable to delete ${advice}`)
        const renamed = await admin('PATCH', `/roles/${role.id}`, { role: { name: 'other' } })
        expectStatus(renamed, 403)
        expect(messageOf(renamed)).toBe(`Unable to update ${advice}`)
      }
    })

    test('a role that is not built-in is in tokens, and implies nothing', async () => {
      const role = await makeRole(scratch, { name: `Reseller${scratch.name()}` })
      const { user, project } = await makeAccount(scratch, 'reader')
      const path = `/projects/${project.id}/users/${user.id}/roles`
      expectStatus(await admin('PUT', `${path}/${role.id}`), 204)
      const scope = { project: { id: project.id } }
      const login = await logIn(scratch, { user: { id: user.id }, scope })
      const names = login.json<{ token: { roles: Named[] } }>().token.roles.map(({ name }) => name)
      expect(names.toSorted()).toEqual(['reader', role.name].toSorted())
    })

    test('every role with its implied ones is listed', async () => {
      const [adminRole, manager, member, reader] = await Promise.all(
        ['admin', 'manager', 'member', 'reader'].map((name) => roleNamed(scratch, name)),
      )
      const answer = await admin('GET', '/role_inferences')
      expectStatus(answer, 200)
      const { role_inferences } = answer.json<{ role_inferences: Inference[] }>()
      const impliedBy = (role: Named | undefined) =>
        role_inferences.find(({ prior_role }) => prior_role.id === role?.id)?.implies.map(({ name }) => name)
      expect([adminRole, manager, member, reader].map(impliedBy)).toEqual([
        ['manager'],
        ['member'],
        ['reader'],
        undefined,
      ])
      const refused = await scratch.demo.identity('GET', '/role_inferences')
      expectStatus(refused, 403)
      expect(messageOf(refused)).toBe(notAuthorized('list_role_inference_rules'))
    })

    test('what a role implies can be read', async () => {
      const [manager, member, reader] = [
        await roleNamed(scratch, 'manager'),
        await roleNamed(scratch, 'member'),
        await roleNamed(scratch, 'reader'),
      ]
      const path = `/roles/${manager.id}/implies`
      const listed = await admin('GET', path)
      expectStatus(listed, 200)
      const wire = ({ id, name }: Named) => ({ id, name, links: { self: expect.stringMatching(`/roles/${id}$`) } })
      expect(listed.json()).toEqual({
        role_inference: { prior_role: wire(manager), implies: [wire(member)] },
        links: { self: expect.stringMatching(`${path}$`) },
      })
      const one = await admin('GET', `${path}/${member.id}`)
      expectStatus(one, 200)
      expect(one.json()).toMatchObject({ role_inference: { prior_role: wire(manager), implies: wire(member) } })
      expectStatus(await admin('HEAD', `${path}/${member.id}`), 204)
      const missing = await admin('GET', `${path}/${reader.id}`)
      expectStatus(missing, 404)
      expect(messageOf(missing)).toBe(`${manager.id} does not imply ${reader.id}.`)
    })

    test('a role is made to imply another, which its users then have, and no longer', async () => {
      const [prior, implied, adminRole] = [
        await makeRole(scratch),
        await makeRole(scratch),
        await roleNamed(scratch, 'admin'),
      ]
      const { user, project } = await makeAccount(scratch)
      expectStatus(await admin('PUT', `/projects/${project.id}/users/${user.id}/roles/${prior.id}`), 204)
      const path = `/roles/${prior.id}/implies/${implied.id}`
      const made = await admin('PUT', path)
      expectStatus(made, 201)
      expect(made.json()).toMatchObject({
        role_inference: { prior_role: { id: prior.id }, implies: { id: implied.id } },
      })
      const again = await admin('PUT', path)
      expectStatus(again, 409)
      expect(messageOf(again)).toBe('Conflict occurred attempting to store implied_role - Duplicate entry.')
      const forbidden = await admin('PUT', `/roles/${prior.id}/implies/${adminRole.id}`)
      expectStatus(forbidden, 403)
      expect(messageOf(forbidden)).toBe(`${adminRole.id} cannot be an implied roles.`)
      const has = async () => {
        const answer = await logIn(scratch, { user: { id: user.id }, scope: { project: { id: project.id } } })
        return answer.json<{ token: { roles: Named[] } }>().token.roles.some(({ id }) => id === implied.id)
      }
      expect(await has()).toBe(true)
      expectStatus(await admin('DELETE', path), 204)
      expect(await has()).toBe(false)
      expectStatus(await admin('DELETE', path), 404)
    })
  })
}
