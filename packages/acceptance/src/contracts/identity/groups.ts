import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import type { Answer } from '../wire.js'
import { makeGroup, makeUser, messageOf, notAuthorized, type Named } from './accounts.js'

/** Groups: create, change, remove, and the users in them. */
export function groupsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('groups', makeTarget, (scratch) => {
    const admin = (method: string, path: string, json?: unknown) =>
      scratch.admin.identity(method, path, json === undefined ? {} : { json })
    const groupOf = (answer: Answer) => answer.json<{ group: Named }>().group
    const expectRefused = (answer: Answer, status: number, message: string) => {
      expectStatus(answer, status)
      expect(messageOf(answer)).toBe(message)
    }

    test('a group has what it was created with, is changed, listed, and removed', async () => {
      const group = await makeGroup(scratch, { color: 'red' })
      expect(group).toEqual({
        id: expect.any(String),
        name: expect.any(String),
        domain_id: 'default',
        description: '',
        color: 'red',
        links: { self: expect.stringMatching(`/groups/${group.id}$`) },
      })
      expect(groupOf(await admin('GET', `/groups/${group.id}`))).toEqual(group)
      const changed = await admin('PATCH', `/groups/${group.id}`, { group: { description: 'changed', size: 3 } })
      expectStatus(changed, 200)
      const wanted = { ...group, description: 'changed', size: 3 }
      expect(groupOf(changed)).toEqual(wanted)
      const listed = await admin('GET', `/groups?name=${group.name}&domain_id=default`)
      expectStatus(listed, 200)
      expect(listed.json<{ groups: Named[] }>().groups).toEqual([wanted])
      expect((await admin('GET', '/groups?domain_id=none')).json()).toMatchObject({ groups: [] })
      expectStatus(await admin('DELETE', `/groups/${group.id}`), 204)
      for (const method of ['GET', 'DELETE']) {
        expectRefused(await admin(method, `/groups/${group.id}`), 404, `Could not find group: ${group.id}.`)
      }
    })

    test('groups are found by a part of their name', async () => {
      const part = scratch.name()
      const group = await makeGroup(scratch, { name: `A-${part}-z` })
      const found = async (query: string) =>
        (await admin('GET', `/groups?${query}`)).json<{ groups: Named[] }>().groups.map(({ id }) => id)
      expect(await found(`name__contains=${part}`)).toEqual([group.id])
      expect(await found(`name__startswith=A-${part}`)).toEqual([group.id])
      expect(await found(`name__icontains=a-${part}`)).toEqual([group.id])
      expect(await found(`name__endswith=${part}`)).toEqual([])
      expect(await found(`name__contains=a-${part}`)).toEqual([])
    })

    test('what cannot be a group is refused', async () => {
      const [group, other] = [await makeGroup(scratch), await makeGroup(scratch)]
      const duplicate = `Conflict occurred attempting to store group - Duplicate entry found with name ${group.name}`
      for (const [fields, status, message] of [
        [{ name: group.name }, 409, `${duplicate} at domain ID default.`],
        [{ name: scratch.name(), domain_id: 'none' }, 404, 'Could not find domain: none.'],
        [{}, 400, "Invalid input for field/attribute group. Value: {}. 'name' is a required property"],
      ] as const) {
        expectRefused(await admin('POST', '/groups', { group: fields }), status, message)
      }
      for (const [fields, status, message] of [
        [{ name: group.name }, 409, `${duplicate}.`],
        [{}, 400, 'Invalid input for field/attribute group. Value: {}. {} should be non-empty'],
        [{ domain_id: 'other' }, 400, 'Cannot change Domain ID'],
        [{ id: 'other' }, 400, 'Cannot change ID'],
      ] as const) {
        expectRefused(await admin('PATCH', `/groups/${other.id}`, { group: fields }), status, message)
      }
    })

    test('a user is put into a group, found there, and taken out', async () => {
      const [group, user] = [await makeGroup(scratch), await makeUser(scratch)]
      const path = `/groups/${group.id}/users/${user.id}`
      const absent = `User '${user.id}' not found in group '${group.id}'`
      expectRefused(await admin('GET', path), 404, absent)
      expectRefused(await admin('DELETE', path), 404, absent)
      expectStatus(await admin('PUT', path), 204)
      expectStatus(await admin('PUT', path), 204)
      expectStatus(await admin('GET', path), 204)
      expectStatus(await admin('HEAD', path), 204)
      const members = await admin('GET', `/groups/${group.id}/users`)
      expectStatus(members, 200)
      expect(members.json<{ users: Named[] }>().users).toMatchObject([{ id: user.id, name: user.name }])
      const groups = await admin('GET', `/users/${user.id}/groups`)
      expectStatus(groups, 200)
      expect(groups.json<{ groups: Named[] }>().groups).toEqual([{ ...group, membership_expires_at: null }])
      expectStatus(await admin('DELETE', path), 204)
      expectStatus(await admin('HEAD', path), 404)
      expect((await admin('GET', `/users/${user.id}/groups`)).json()).toMatchObject({ groups: [] })
    })

    test('a membership that names what is missing says what', async () => {
      const [group, user] = [await makeGroup(scratch), await makeUser(scratch)]
      for (const [method, path, message] of [
        ['PUT', `/groups/${group.id}/users/none`, 'Could not find user: none.'],
        ['PUT', `/groups/none/users/${user.id}`, 'Could not find group: none.'],
        ['GET', '/groups/none/users', 'Could not find group: none.'],
        ['GET', '/users/none/groups', 'Could not find user: none.'],
      ] as const) {
        expectRefused(await admin(method, path), 404, message)
      }
    })

    test('groups are for admins', async () => {
      const [group, user] = [await makeGroup(scratch), await makeUser(scratch)]
      const one = `/groups/${group.id}`
      for (const [method, path, action] of [
        ['GET', '/groups', 'list_groups'],
        ['POST', '/groups', 'create_group'],
        ['GET', one, 'get_group'],
        ['PATCH', one, 'update_group'],
        ['DELETE', one, 'delete_group'],
        ['GET', `${one}/users`, 'list_users_in_group'],
        ['GET', `${one}/users/${user.id}`, 'check_user_in_group'],
        ['PUT', `${one}/users/${user.id}`, 'add_user_to_group'],
        ['DELETE', `${one}/users/${user.id}`, 'remove_user_from_group'],
        ['GET', `/users/${user.id}/groups`, 'list_groups_for_user'],
      ] as const) {
        const json = { group: { name: scratch.name() } }
        const isWrite = method === 'POST' || method === 'PATCH'
        expectRefused(await scratch.demo.identity(method, path, isWrite ? { json } : {}), 403, notAuthorized(action))
      }
    })
  })
}
