import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import type { Answer } from '../wire.js'
import { makeAccount, makeProject, messageOf, notAuthorized, roleNamed, type Named } from './accounts.js'

/** Projects: create, change, remove, and what is refused. */
export function projectsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('projects', makeTarget, (scratch) => {
    const admin = (method: string, path: string, json?: unknown) =>
      scratch.admin.identity(method, path, json === undefined ? {} : { json })
    const create = (project: object) => admin('POST', '/projects', { project })
    const projectOf = (answer: Answer) => answer.json<{ project: Named }>().project

    test('a project has what it was created with, and what Keystone adds', async () => {
      const name = scratch.name()
      const project = await makeProject(scratch, { name, flavour: 'sweet', tags: ['blue'] })
      expect(project).toMatchObject({
        name,
        domain_id: 'default',
        parent_id: 'default',
        description: '',
        enabled: true,
        is_domain: false,
        tags: ['blue'],
        options: {},
        flavour: 'sweet',
        links: { self: expect.stringMatching(`/v3/projects/${project.id}$`) },
      })
      const read = await admin('GET', `/projects/${project.id}`)
      expectStatus(read, 200)
      expect(projectOf(read)).toEqual(project)
    })

    test('a second project of the same name is a conflict', async () => {
      const { name } = await makeProject(scratch)
      const answer = await create({ name })
      expectStatus(answer, 409)
      expect(messageOf(answer)).toMatch(
        `Conflict occurred attempting to store project - it is not permitted to have two projects with either the ` +
          `same name or same id in the same domain: name is ${name}, project id `,
      )
    })

    test.each([
      [{}, "Invalid input for field/attribute project. Value: {}. 'name' is a required property"],
      [{ name: '' }, "Invalid input for field/attribute name. Value: . '' should be non-empty"],
      [{ name: 5 }, "Invalid input for field/attribute name. Value: 5. 5 is not of type 'string'"],
      [{ name: 'x', domain_id: 'none' }, 'Could not find domain: none.'],
      [{ name: 'x', parent_id: 'none' }, 'Could not find project: none.'],
      [
        { name: 'x', options: { other: true } },
        "Invalid input for field/attribute options. Value: {'other': True}. " +
          "Additional properties are not allowed ('other' was unexpected)",
      ],
    ])('%j is no project', async (fields, message) => {
      const answer = await create(fields)
      expectStatus(answer, 400)
      expect(messageOf(answer)).toBe(message)
    })

    test('a name of more than 64 characters is refused', async () => {
      expectStatus(await create({ name: 'x'.repeat(65) }), 400)
    })

    test('only admins may write', async () => {
      const { id } = await makeProject(scratch)
      for (const [method, path, action] of [
        ['POST', '/projects', 'create_project'],
        ['PATCH', `/projects/${id}`, 'update_project'],
        ['PATCH', '/projects/none', 'update_project'],
        ['DELETE', `/projects/${id}`, 'delete_project'],
        ['DELETE', '/projects/none', 'delete_project'],
      ] as const) {
        const json = { project: { name: scratch.name() } }
        const answer = await scratch.demo.identity(method, path, method === 'DELETE' ? {} : { json })
        expectStatus(answer, 403)
        expect(messageOf(answer)).toBe(notAuthorized(action))
      }
    })

    test('an update changes what it names and keeps the rest', async () => {
      const project = await makeProject(scratch, { description: 'first', flavour: 'sweet' })
      const name = scratch.name()
      const answer = await admin('PATCH', `/projects/${project.id}`, { project: { name, description: null, more: 1 } })
      expectStatus(answer, 200)
      const extra = { flavour: 'sweet', more: 1 }
      expect(projectOf(answer)).toMatchObject({ id: project.id, name, description: null, ...extra, extra })
      expect(projectOf(await admin('GET', `/projects/${project.id}`))).not.toHaveProperty('extra')
      const listed = await admin('GET', `/projects?name=${name}`)
      expect(listed.json<{ projects: Named[] }>().projects.map(({ id }) => id)).toEqual([project.id])
    })

    test('an update moves no project and gives it no other id', async () => {
      const { id } = await makeProject(scratch)
      for (const [fields, status, message] of [
        [{ id: 'other' }, 400, 'Cannot change ID'],
        [{ domain_id: 'other' }, 400, 'Cannot change Domain ID'],
        [{ parent_id: scratch.demo.projectId }, 403, 'Update of `parent_id` is not allowed.'],
      ] as const) {
        const answer = await admin('PATCH', `/projects/${id}`, { project: fields })
        expectStatus(answer, status)
        expect(messageOf(answer)).toBe(message)
      }
      const missing = await admin('PATCH', '/projects/none', { project: { name: 'x' } })
      expectStatus(missing, 404)
      expect(messageOf(missing)).toBe('Could not find project: none.')
    })

    test('a removed project is gone', async () => {
      const { id } = await makeProject(scratch)
      expectStatus(await admin('DELETE', `/projects/${id}`), 204)
      const again = await admin('DELETE', `/projects/${id}`)
      expectStatus(again, 404)
      expect(messageOf(again)).toBe(`Could not find project: ${id}.`)
    })

    test('a project with projects below it stays until these are gone', async () => {
      const parent = await makeProject(scratch)
      const child = await makeProject(scratch, { parent_id: parent.id })
      expect(child['parent_id']).toBe(parent.id)
      const answer = await admin('DELETE', `/projects/${parent.id}`)
      expectStatus(answer, 403)
      expect(messageOf(answer)).toBe(
        `Cannot delete the project ${parent.id} since it is not a leaf in the hierarchy. ` +
          'Use the cascade option if you want to delete a whole subtree.',
      )
      const disabled = await admin('PATCH', `/projects/${parent.id}`, { project: { enabled: false } })
      expectStatus(disabled, 403)
      const below = await admin('GET', `/projects?parent_id=${parent.id}`)
      expect(below.json<{ projects: Named[] }>().projects.map(({ id }) => id)).toEqual([child.id])
    })

    test('a project is shown with those above and below it: all ids, or those in which the caller has a role', async () => {
      const top = await makeProject(scratch)
      const middle = await makeProject(scratch, { parent_id: top.id })
      const low = await makeProject(scratch, { parent_id: middle.id })
      const show = async (id: string, query: string) => {
        const answer = await admin('GET', `/projects/${id}?${query}`)
        expectStatus(answer, 200)
        return projectOf(answer)
      }
      const above = { [middle.id]: { [top.id]: { default: null } } }
      expect(await show(low.id, 'parents_as_ids&subtree_as_ids=1')).toEqual({ ...low, parents: above, subtree: null })
      expect((await show(top.id, 'subtree_as_ids'))['subtree']).toEqual({ [middle.id]: { [low.id]: null } })
      expect(await show(top.id, 'subtree_as_ids=0')).toEqual(top)
      const { id: role } = await roleNamed(scratch, 'reader')
      for (const { id } of [top, low]) {
        expectStatus(await admin('PUT', `/projects/${id}/users/${scratch.admin.userId}/roles/${role}`), 204)
      }
      expect((await show(low.id, 'parents_as_list'))['parents']).toEqual([{ project: top }])
      expect((await show(top.id, 'subtree_as_list&parents_as_list'))['subtree']).toEqual([{ project: low }])
      const both = await admin('GET', `/projects/${top.id}?parents_as_list&parents_as_ids`)
      expectStatus(both, 400)
      expect(messageOf(both)).toBe('Cannot use parents_as_list and parents_as_ids query params at the same time.')
    })

    test('an immutable project is neither changed nor removed until the option is taken away', async () => {
      const { id } = await makeProject(scratch, { options: { immutable: true } })
      const advice = 'Set resource option "immutable" to false first.'
      const changed = await admin('PATCH', `/projects/${id}`, { project: { description: 'other' } })
      expectStatus(changed, 403)
      expect(messageOf(changed)).toBe(`Unable to update immutable project resource: \`${id}. ${advice}`)
      const removed = await admin('DELETE', `/projects/${id}`)
      expectStatus(removed, 403)
      expect(messageOf(removed)).toBe(`Unable to delete immutable project resource: \`${id}. ${advice}`)
      expectStatus(await admin('PATCH', `/projects/${id}`, { project: { options: { immutable: false } } }), 200)
      expectStatus(await admin('DELETE', `/projects/${id}`), 204)
    })

    test('projects are found by whether they are enabled, and by their tags', async () => {
      const tag = scratch.name()
      const on = await makeProject(scratch, { tags: [tag] })
      const off = await makeProject(scratch, { tags: [tag, 'other'], enabled: false })
      const found = async (query: string) => {
        const answer = await admin('GET', `/projects?tags=${tag}${query}`)
        expectStatus(answer, 200)
        return answer.json<{ projects: Named[] }>().projects.map(({ id }) => id)
      }
      expect((await found('')).toSorted()).toEqual([on.id, off.id].toSorted())
      expect(await found('&enabled=false')).toEqual([off.id])
      expect(await found('&enabled=true')).toEqual([on.id])
    })

    test('projects are found by tags that they have, some of them, or not', async () => {
      const [first, second] = [scratch.name(), scratch.name()]
      const one = await makeProject(scratch, { tags: [first] })
      const both = await makeProject(scratch, { tags: [first, second] })
      const none = await makeProject(scratch)
      for (const [query, wanted] of [
        [`tags=${first},${second}`, [both]],
        [`tags-any=${second},other`, [both]],
        [`tags=${first}&tags-any=${second}`, [both]],
        [`not-tags=${first},${second}`, [one, none]],
        [`not-tags-any=${second},other`, [one, none]],
        [`not-tags-any=${first}`, [none]],
        [`tags=${first}&not-tags=${first},${second}`, [one]],
        [`tags=${first}&not-tags-any=${second}`, [one]],
      ] as const) {
        const answer = await admin('GET', `/projects?${query}`)
        expectStatus(answer, 200)
        const found = answer.json<{ projects: Named[] }>().projects.map(({ id }) => id)
        const ours = [one, both, none].filter(({ id }) => found.includes(id))
        expect(ours, query).toEqual(wanted)
      }
    })

    test('tags are read, added, replaced and taken away', async () => {
      const { id } = await makeProject(scratch, { tags: ['blue'] })
      const path = `/projects/${id}/tags`
      const tags = async () => (await admin('GET', path)).json<{ tags: string[] }>().tags
      expect(await tags()).toEqual(['blue'])
      expectStatus(await admin('PUT', `${path}/green`), 201)
      expectStatus(await admin('HEAD', `${path}/green`), 204)
      expect((await tags()).toSorted()).toEqual(['blue', 'green'])
      expectStatus(await admin('PUT', `${path}/green`), 400)
      expectStatus(await admin('PUT', `${path}/${encodeURIComponent('a,b')}`), 400)
      const missing = await admin('GET', `${path}/red`)
      expectStatus(missing, 404)
      expect(messageOf(missing)).toBe('Could not find project tag: red.')
      const replaced = await admin('PUT', path, { tags: ['x', 'y'] })
      expectStatus(replaced, 200)
      expect(replaced.json()).toMatchObject({ tags: ['x', 'y'] })
      expectStatus(await admin('PUT', path, { tags: ['x', 'x'] }), 400)
      expectStatus(await admin('DELETE', `${path}/x`), 204)
      expectStatus(await admin('DELETE', `${path}/x`), 404)
      expect(await tags()).toEqual(['y'])
      expectStatus(await admin('DELETE', path), 204)
      expect(await tags()).toEqual([])
      for (const [method, at, action] of [
        ['GET', path, 'list_project_tags'],
        ['GET', `${path}/x`, 'get_project_tag'],
        ['PUT', `${path}/x`, 'create_project_tag'],
        ['DELETE', `${path}/x`, 'delete_project_tag'],
        ['DELETE', path, 'delete_project_tags'],
      ] as const) {
        const answer = await scratch.demo.identity(method, at)
        expectStatus(answer, 403)
        expect(messageOf(answer)).toBe(notAuthorized(action))
      }
    })

    test('a user sees its own projects, and reads one only with a token for it', async () => {
      const { user, project } = await makeAccount(scratch)
      const listed = await admin('GET', `/users/${user.id}/projects`)
      expectStatus(listed, 200)
      expect(listed.json<{ projects: Named[] }>().projects.map(({ id }) => id)).toEqual([project.id])
      const refused = await scratch.demo.identity('GET', `/projects/${project.id}`)
      expectStatus(refused, 403)
      expect(messageOf(refused)).toBe(notAuthorized('get_project'))
    })
  })
}
