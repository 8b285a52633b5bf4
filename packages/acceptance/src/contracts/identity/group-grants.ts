import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import {
  callWith,
  logIn,
  makeGroup,
  makeProject,
  makeUser,
  messageOf,
  notAuthorized,
  roleNamed,
  tokenFor,
  type Named,
} from './accounts.js'

/** Roles of groups: grants, what they do to the tokens of the groups' users, and the list of assignments. */
export function groupGrantsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('grants to groups', makeTarget, (scratch) => {
    const admin = (method: string, path: string) => scratch.admin.identity(method, path)
    const assignments = async (query: string) => {
      const answer = await admin('GET', `/role_assignments?${query}`)
      expectStatus(answer, 200)
      return answer.json<{ role_assignments: object[] }>().role_assignments
    }
    /** A group with one user and the role member in a project. */
    const makeTeam = async () => {
      const [group, user, project] = [await makeGroup(scratch), await makeUser(scratch), await makeProject(scratch)]
      const member = await roleNamed(scratch, 'member')
      const membership = `/groups/${group.id}/users/${user.id}`
      const grant = `/projects/${project.id}/groups/${group.id}/roles/${member.id}`
      expectStatus(await admin('PUT', membership), 204)
      expectStatus(await admin('PUT', grant), 204)
      const login = { user: { id: user.id }, scope: { project: { id: project.id } } }
      return { group, user, project, member, membership, grant, login }
    }

    test.each(['project', 'domain', 'system'] as const)(
      'a role is granted to a group (%s), checked, listed, and taken back',
      async (kind) => {
        const [group, role] = [await makeGroup(scratch), await roleNamed(scratch, 'reader')]
        const place = { project: async () => (await makeProject(scratch)).id, domain: () => 'default' }
        const id = kind === 'system' ? 'system' : await place[kind]()
        const path = `${kind === 'system' ? '' : `/${kind}s`}/${id}/groups/${group.id}/roles`
        const roles = async () => (await admin('GET', path)).json<{ roles: Named[] }>().roles
        expect(await roles()).toEqual([])
        expectStatus(await admin('PUT', `${path}/${role.id}`), 204)
        expectStatus(await admin('PUT', `${path}/${role.id}`), 204)
        expectStatus(await admin('HEAD', `${path}/${role.id}`), 204)
        expect(await roles()).toEqual([role])
        expectStatus(await admin('DELETE', `${path}/${role.id}`), 204)
        const gone = await admin('DELETE', `${path}/${role.id}`)
        expectStatus(gone, 404)
        expect(messageOf(gone)).toBe(
          `Could not find role assignment with role: ${role.id}, user or group: ${group.id}, ` +
            `project, domain, or system: ${id}.`,
        )
        const missing = await admin('PUT', path.replace(group.id, 'none') + `/${role.id}`)
        expectStatus(missing, 404)
        expect(messageOf(missing)).toBe('Could not find group: none.')
        const refused = await scratch.demo.identity('PUT', `${path}/${role.id}`)
        expectStatus(refused, 403)
        const action = kind === 'system' ? 'create_system_grant_for_group' : 'create_grant'
        expect(messageOf(refused)).toBe(notAuthorized(action))
      },
    )

    test('a user has the roles of its groups, in tokens and in the list of its projects', async () => {
      const { user, project, login, grant } = await makeTeam()
      const answer = await logIn(scratch, login)
      expectStatus(answer, 201)
      const { roles } = answer.json<{ token: { roles: Named[] } }>().token
      expect(roles.map(({ name }) => name).toSorted()).toEqual(['member', 'reader'])
      const projects = async () => (await admin('GET', `/users/${user.id}/projects`)).json<{ projects: Named[] }>()
      expect((await projects()).projects.map(({ id }) => id)).toEqual([project.id])
      expectStatus(await admin('DELETE', grant), 204)
      expectStatus(await logIn(scratch, login), 401)
      expect((await projects()).projects).toEqual([])
    })

    test('a user that is taken out of a group loses its tokens, for good', async () => {
      const { user, membership, login } = await makeTeam()
      const token = await tokenFor(scratch, login)
      expectStatus(await callWith(scratch, token, 'GET', `/users/${user.id}`), 200)
      expectStatus(await admin('DELETE', membership), 204)
      expectStatus(await callWith(scratch, token, 'GET', `/users/${user.id}`), 401)
      expectStatus(await logIn(scratch, login), 401)
      expectStatus(await admin('PUT', membership), 204)
      expectStatus(await callWith(scratch, token, 'GET', `/users/${user.id}`), 401)
      expectStatus(await logIn(scratch, login), 201)
    })

    test('the tokens of its users end with a group that has a role', async () => {
      const { group, user, login } = await makeTeam()
      const token = await tokenFor(scratch, login)
      expectStatus(await admin('DELETE', `/groups/${group.id}`), 204)
      expectStatus(await callWith(scratch, token, 'GET', `/users/${user.id}`), 401)
      expect(await assignments(`group.id=${group.id}`)).toEqual([])
    })

    test('assignments list the group, or its users when they are effective', async () => {
      const { group, user, project, member, membership, grant } = await makeTeam()
      const domain = { id: 'default', name: 'Default' }
      const link = expect.stringMatching(`/v3${grant}$`)
      expect(await assignments(`include_names&group.id=${group.id}`)).toEqual([
        {
          links: { assignment: link },
          scope: { project: { id: project.id, name: project.name, domain } },
          group: { id: group.id, name: group.name, domain },
          role: { id: member.id, name: 'member' },
        },
      ])
      expect(await assignments(`user.id=${user.id}`)).toEqual([])
      const shared = { scope: { project: { id: project.id } }, user: { id: user.id } }
      const links = { assignment: link, membership: expect.stringMatching(`/v3${membership}$`) }
      const { id: reader } = await roleNamed(scratch, 'reader')
      expect(await assignments(`effective&user.id=${user.id}`)).toEqual([
        { ...shared, links, role: { id: member.id } },
        { ...shared, links: { ...links, prior_role: expect.any(String) }, role: { id: reader } },
      ])
      const empty = await admin('GET', `/role_assignments?effective&group.id=${group.id}`)
      expectStatus(empty, 400)
      expect(messageOf(empty)).toBe('Combining effective and group filter will always result in an empty list.')
      expectStatus(await admin('GET', `/role_assignments?group.id=${group.id}&user.id=${user.id}`), 400)
    })
  })
}
