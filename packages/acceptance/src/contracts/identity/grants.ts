import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import {
  makeAccount,
  makeProject,
  makeRole,
  makeUser,
  messageOf,
  notAuthorized,
  roleNamed,
  type Named,
} from './accounts.js'

interface Assignment {
  readonly links: { readonly assignment: string; readonly prior_role?: string }
  readonly role: Named
  readonly user: Named
  readonly scope: object
}

/** Grants of roles in projects and in the domain, and the list of them. */
export function grantsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('grants', makeTarget, (scratch) => {
    const admin = (method: string, path: string) => scratch.admin.identity(method, path)
    const assignments = async (query: string) => {
      const answer = await admin('GET', `/role_assignments?${query}`)
      expectStatus(answer, 200)
      return answer.json<{ role_assignments: Assignment[] }>().role_assignments
    }

    test.each(['project', 'domain'] as const)(
      'a role is granted in a %s, checked, listed, and taken back',
      async (kind) => {
        const [user, role, other] = [await makeUser(scratch), await makeRole(scratch), await makeRole(scratch)]
        const place = kind === 'project' ? (await makeProject(scratch)).id : 'default'
        const path = `/${kind}s/${place}/users/${user.id}/roles`
        const roles = async () => {
          const answer = await admin('GET', path)
          expectStatus(answer, 200)
          return answer.json<{ roles: Named[]; links: object }>().roles
        }
        expect(await roles()).toEqual([])
        expectStatus(await admin('HEAD', `${path}/${role.id}`), 404)
        expectStatus(await admin('PUT', `${path}/${role.id}`), 204)
        expectStatus(await admin('PUT', `${path}/${role.id}`), 204)
        expectStatus(await admin('HEAD', `${path}/${role.id}`), 204)
        expectStatus(await admin('GET', `${path}/${role.id}`), 204)
        expect(await roles()).toEqual([role])
        for (const method of ['GET', 'DELETE']) {
          const answer = await admin(method, `${path}/${other.id}`)
          expectStatus(answer, 404)
          expect(messageOf(answer)).toBe(
            `Could not find role assignment with role: ${other.id}, user or group: ${user.id}, ` +
              `project, domain, or system: ${place}.`,
          )
        }
        expectStatus(await admin('DELETE', `${path}/${role.id}`), 204)
        expectStatus(await admin('HEAD', `${path}/${role.id}`), 404)
        expect(await roles()).toEqual([])
      },
    )

    test('a grant that names what is missing says what', async () => {
      const { user, project } = await makeAccount(scratch)
      const { id: role } = await roleNamed(scratch, 'reader')
      for (const [path, message] of [
        [`/projects/${project.id}/users/${user.id}/roles/none`, 'Could not find role: none.'],
        [`/projects/${project.id}/users/none/roles/${role}`, 'Could not find user: none.'],
        [`/projects/none/users/${user.id}/roles/${role}`, 'Could not find project: none.'],
        [`/domains/none/users/${user.id}/roles/${role}`, 'Could not find domain: none.'],
      ] as const) {
        const answer = await admin('PUT', path)
        expectStatus(answer, 404)
        expect(messageOf(answer)).toBe(message)
      }
    })

    test('grants are for admins', async () => {
      const { user, project } = await makeAccount(scratch)
      const { id: role } = await roleNamed(scratch, 'member')
      const path = `/projects/${project.id}/users/${user.id}/roles`
      for (const [method, at, action] of [
        ['GET', path, 'list_grants'],
        ['GET', `${path}/${role}`, 'check_grant'],
        ['PUT', `${path}/${role}`, 'create_grant'],
        ['DELETE', `${path}/${role}`, 'revoke_grant'],
      ] as const) {
        const answer = await scratch.demo.identity(method, at)
        expectStatus(answer, 403)
        expect(messageOf(answer)).toBe(notAuthorized(action))
      }
    })

    test('assignments are listed with the link of their grant, and with names if wanted', async () => {
      const { user, project } = await makeAccount(scratch)
      const member = await roleNamed(scratch, 'member')
      const link = `/v3/projects/${project.id}/users/${user.id}/roles/${member.id}`
      expect(await assignments(`user.id=${user.id}`)).toEqual([
        {
          links: { assignment: expect.stringMatching(`${link}$`) },
          scope: { project: { id: project.id } },
          user: { id: user.id },
          role: { id: member.id },
        },
      ])
      const domain = { id: 'default', name: 'Default' }
      expect(await assignments(`include_names&user.id=${user.id}`)).toEqual([
        {
          links: { assignment: expect.stringMatching(`${link}$`) },
          scope: { project: { id: project.id, name: project.name, domain } },
          user: { id: user.id, name: user.name, domain },
          role: { id: member.id, name: 'member' },
        },
      ])
    })

    test('effective assignments have the implied ones too, with the link of what implies them', async () => {
      const { user, project } = await makeAccount(scratch)
      const [member, reader] = [await roleNamed(scratch, 'member'), await roleNamed(scratch, 'reader')]
      const link = expect.stringMatching(`/v3/projects/${project.id}/users/${user.id}/roles/${member.id}$`)
      const shared = { scope: { project: { id: project.id } }, user: { id: user.id } }
      expect(await assignments(`effective&scope.project.id=${project.id}`)).toEqual([
        { ...shared, links: { assignment: link }, role: { id: member.id } },
        { ...shared, links: { assignment: link, prior_role: expect.any(String) }, role: { id: reader.id } },
      ])
      const found = await assignments(`effective&user.id=${user.id}&role.id=${reader.id}`)
      expect(found.map(({ role }) => role.id)).toEqual([reader.id])
    })

    test('assignments are found by user, role and place, and two places at once are refused', async () => {
      const { user, project } = await makeAccount(scratch)
      const [member, reader] = [await roleNamed(scratch, 'member'), await roleNamed(scratch, 'reader')]
      expectStatus(await admin('PUT', `/domains/default/users/${user.id}/roles/${reader.id}`), 204)
      const rolesFor = async (query: string) =>
        (await assignments(`user.id=${user.id}&${query}`)).map(({ role }) => role.id)
      expect(await rolesFor(`scope.project.id=${project.id}`)).toEqual([member.id])
      expect(await rolesFor('scope.domain.id=default')).toEqual([reader.id])
      expect(await rolesFor('scope.system=all')).toEqual([])
      expect(await rolesFor(`role.id=${member.id}`)).toEqual([member.id])
      expect(await assignments('user.id=none')).toEqual([])
      const both = await admin('GET', `/role_assignments?scope.domain.id=default&scope.project.id=${project.id}`)
      expectStatus(both, 400)
      expect(messageOf(both)).toBe('Specify a domain or project, not both')
    })
  })
}
