import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import {
  callWith,
  logIn,
  makeAccount,
  makeRole,
  makeUser,
  messageOf,
  notAuthorized,
  roleNamed,
  tokenFor,
} from './accounts.js'

/** Grants in the system, tokens for it and for the domain, and what they may do in the identity service. */
export function identitySystemScopeContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('system and domain scope', makeTarget, (scratch) => {
    const admin = (method: string, path: string) => scratch.admin.identity(method, path)
    const system = { system: { all: true } }

    test('a role is granted in the system, checked, listed, and taken back', async () => {
      const [user, role] = [await makeUser(scratch), await makeRole(scratch)]
      const path = `/system/users/${user.id}/roles`
      expectStatus(await admin('HEAD', `${path}/${role.id}`), 404)
      expectStatus(await admin('PUT', `${path}/${role.id}`), 204)
      expectStatus(await admin('PUT', `${path}/${role.id}`), 204)
      expectStatus(await admin('HEAD', `${path}/${role.id}`), 204)
      expect((await admin('GET', path)).json()).toMatchObject({ roles: [role] })
      const listed = await admin('GET', `/role_assignments?scope.system=all&user.id=${user.id}`)
      expect(listed.json()).toMatchObject({
        role_assignments: [
          {
            links: { assignment: expect.stringMatching(`/v3${path}/${role.id}$`) },
            scope: { system: { all: true } },
            user: { id: user.id },
            role: { id: role.id },
          },
        ],
      })
      expectStatus(await admin('DELETE', `${path}/${role.id}`), 204)
      const again = await admin('DELETE', `${path}/${role.id}`)
      expectStatus(again, 404)
      expect(messageOf(again)).toBe(
        `Could not find role assignment with role: ${role.id}, user or group: ${user.id}, ` +
          'project, domain, or system: system.',
      )
      for (const [missing, message] of [
        [`${path}/none`, 'Could not find role: none.'],
        [`/system/users/none/roles/${role.id}`, 'Could not find user: none.'],
      ] as const) {
        const answer = await admin('PUT', missing)
        expectStatus(answer, 404)
        expect(messageOf(answer)).toBe(message)
      }
    })

    test('grants in the system are for admins', async () => {
      const [user, role] = [await makeUser(scratch), await roleNamed(scratch, 'reader')]
      const path = `/system/users/${user.id}/roles`
      for (const [method, at, action] of [
        ['GET', path, 'list_system_grants_for_user'],
        ['GET', `${path}/${role.id}`, 'check_system_grant_for_user'],
        ['PUT', `${path}/${role.id}`, 'create_system_grant_for_user'],
        ['DELETE', `${path}/${role.id}`, 'revoke_system_grant_for_user'],
      ] as const) {
        const answer = await scratch.demo.identity(method, at)
        expectStatus(answer, 403)
        expect(messageOf(answer)).toBe(notAuthorized(action))
      }
    })

    test('a grant in the system makes a token for it possible, which ends with the grant', async () => {
      const { user } = await makeAccount(scratch)
      const login = { user: { id: user.id }, scope: system }
      expectStatus(await logIn(scratch, login), 401)
      const reader = await roleNamed(scratch, 'reader')
      const path = `/system/users/${user.id}/roles/${reader.id}`
      expectStatus(await admin('PUT', path), 204)
      const answer = await logIn(scratch, login)
      expectStatus(answer, 201)
      const { token } = answer.json<{ token: object }>()
      expect(token).toMatchObject({ system: { all: true }, roles: [{ id: reader.id, name: 'reader' }] })
      expect(token).not.toHaveProperty('project')
      const id = answer.headers['x-subject-token'] ?? ''
      const own = await callWith(scratch, id, 'GET', '/auth/system')
      expectStatus(own, 200)
      expect(own.json()).toMatchObject({ system: [{ all: true }] })
      expectStatus(await admin('DELETE', path), 204)
      await expect
        .poll(async () => (await callWith(scratch, id, 'GET', '/auth/system')).status, { timeout: 30_000 })
        .toBe(401)
      const without = await callWith(scratch, await tokenFor(scratch, { user: { id: user.id } }), 'GET', '/auth/system')
      expect(without.json()).toMatchObject({ system: [] })
    })

    test('a reader of the system reads accounts and changes none', async () => {
      const { user, project } = await makeAccount(scratch)
      const reader = await roleNamed(scratch, 'reader')
      expectStatus(await admin('PUT', `/system/users/${user.id}/roles/${reader.id}`), 204)
      const token = await tokenFor(scratch, { user: { id: user.id }, scope: system })
      for (const path of [
        '/users?name=none',
        `/users/${scratch.demo.userId}`,
        '/projects?name=none',
        `/projects/${scratch.demo.projectId}`,
        '/roles?name=reader',
        `/roles/${reader.id}`,
        '/domains',
        '/role_inferences',
        `/role_assignments?user.id=${user.id}`,
        `/projects/${project.id}/users/${user.id}/roles`,
        `/system/users/${user.id}/roles`,
      ]) {
        const answer = await callWith(scratch, token, 'GET', path)
        expect([path, answer.status]).toEqual([path, 200])
      }
      const write = await callWith(scratch, token, 'POST', '/users', { user: { name: scratch.name() } })
      expectStatus(write, 403)
      expect(messageOf(write)).toBe(notAuthorized('create_user'))
    })

    test('an admin of the system creates and removes accounts', async () => {
      const { user } = await makeAccount(scratch)
      const role = await roleNamed(scratch, 'admin')
      expectStatus(await admin('PUT', `/system/users/${user.id}/roles/${role.id}`), 204)
      const token = await tokenFor(scratch, { user: { id: user.id }, scope: system })
      const made = await callWith(scratch, token, 'POST', '/projects', { project: { name: scratch.name() } })
      expectStatus(made, 201)
      const { id } = made.json<{ project: { id: string } }>().project
      expectStatus(await callWith(scratch, token, 'DELETE', `/projects/${id}`), 204)
    })

    test('a grant in the domain makes a token for it possible', async () => {
      const { user } = await makeAccount(scratch)
      const login = { user: { id: user.id }, scope: { domain: { name: 'Default' } } }
      expectStatus(await logIn(scratch, login), 401)
      const reader = await roleNamed(scratch, 'reader')
      expectStatus(await admin('PUT', `/domains/default/users/${user.id}/roles/${reader.id}`), 204)
      const answer = await logIn(scratch, login)
      expectStatus(answer, 201)
      expect(answer.json()).toMatchObject({ token: { domain: { id: 'default' }, roles: [{ name: 'reader' }] } })
      const token = answer.headers['x-subject-token'] ?? ''
      const domains = await callWith(scratch, token, 'GET', '/auth/domains')
      expect(domains.json()).toMatchObject({ domains: [{ id: 'default', name: 'Default', enabled: true }] })
      expectStatus(await callWith(scratch, token, 'GET', '/users?name=none'), 200)
    })

    test('a manager of the domain creates accounts and gives roles, but not the role admin', async () => {
      const [manager, member, adminRole] = [
        await roleNamed(scratch, 'manager'),
        await roleNamed(scratch, 'member'),
        await roleNamed(scratch, 'admin'),
      ]
      const { user, project } = await makeAccount(scratch)
      expectStatus(await admin('PUT', `/domains/default/users/${user.id}/roles/${manager.id}`), 204)
      const token = await tokenFor(scratch, { user: { id: user.id }, scope: { domain: { id: 'default' } } })
      // The rules ask for the domain in the request, before it is filled in.
      expectStatus(await callWith(scratch, token, 'POST', '/users', { user: { name: scratch.name() } }), 403)
      expectStatus(await callWith(scratch, token, 'POST', '/projects', { project: { name: scratch.name() } }), 403)
      const there = { name: scratch.name(), domain_id: 'default' }
      const madeProject = await callWith(scratch, token, 'POST', '/projects', { project: there })
      expectStatus(madeProject, 201)
      const { id: second } = madeProject.json<{ project: { id: string } }>().project
      expectStatus(await callWith(scratch, token, 'DELETE', `/projects/${second}`), 204)
      const made = await callWith(scratch, token, 'POST', '/users', { user: there })
      expectStatus(made, 201)
      const { id } = made.json<{ user: { id: string } }>().user
      const grants = `/projects/${project.id}/users/${id}/roles`
      expectStatus(await callWith(scratch, token, 'PUT', `${grants}/${member.id}`), 204)
      expectStatus(await callWith(scratch, token, 'PUT', `${grants}/${adminRole.id}`), 403)
      expectStatus(await callWith(scratch, token, 'DELETE', `/users/${id}`), 204)
    })

    test('the domain is listed for those who read it, and shown to everyone in it', async () => {
      const { demo } = scratch
      const listed = await admin('GET', '/domains?name=Default')
      expectStatus(listed, 200)
      const domain = { id: 'default', name: 'Default', enabled: true, description: 'The default domain', tags: [] }
      expect(listed.json()).toMatchObject({ domains: [{ ...domain, options: {} }] })
      const shown = await demo.identity('GET', '/domains/default')
      expectStatus(shown, 200)
      expect(shown.json()).toMatchObject({ domain })
      const refused = await demo.identity('GET', '/domains')
      expectStatus(refused, 403)
      expect(messageOf(refused)).toBe(notAuthorized('list_domains'))
      expectStatus(await demo.identity('GET', '/domains/none'), 403)
      expectStatus(await admin('GET', '/domains/none'), 404)
    })
  })
}
