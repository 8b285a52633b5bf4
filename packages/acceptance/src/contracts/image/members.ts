import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { WireImageMember } from '@tyrax/protocol'
import { contractSuite, expectStatus, patch } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'

/** /v2/images/{id}/members: who may add members, who may decide, and the responses to all other projects. */
export function membersContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('members', makeTarget, (scratch) => {
    const add = (id: string, member: unknown, account: Account = scratch.demo) =>
      account.image('POST', `/v2/images/${id}/members`, { json: { member } })
    const answer = (id: string, member: string, status: unknown, account: Account) =>
      account.image('PUT', `/v2/images/${id}/members/${member}`, { json: { status } })
    const shared = async () => {
      const image = await scratch.image()
      expectStatus(await add(image.id, scratch.alt.projectId), 200)
      return {
        id: image.id,
        member: scratch.alt.projectId,
        path: `/v2/images/${image.id}/members/${scratch.alt.projectId}`,
      }
    }

    test('the owner adds a project, which is pending', async () => {
      const { id } = await scratch.image()
      const made = await add(id, scratch.alt.projectId)
      expectStatus(made, 200)
      expect(made.json<WireImageMember>()).toMatchObject({
        image_id: id,
        member_id: scratch.alt.projectId,
        status: 'pending',
        schema: '/v2/schemas/member',
      })
      expect(made.json<WireImageMember>().created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    })

    test('a pending member already reads the image by id, nobody else does', async () => {
      const { id } = await shared()
      expectStatus(await scratch.alt.image('GET', `/v2/images/${id}`), 200)
    })

    test.each(['accepted', 'rejected', 'pending'])('the member sets its status to %s', async (status) => {
      const { id, member, path } = await shared()
      const set = await answer(id, member, status, scratch.alt)
      expectStatus(set, 200)
      expect(set.json<WireImageMember>().status).toBe(status)
      expect((await scratch.demo.image('GET', path)).json<WireImageMember>().status).toBe(status)
    })

    test('the owner sets no status', async () => {
      const { id, member } = await shared()
      expectStatus(await answer(id, member, 'accepted', scratch.demo), 403)
    })

    test('an admin sets it for the member', async () => {
      const { id, member } = await shared()
      expectStatus(await answer(id, member, 'accepted', scratch.admin), 200)
    })

    test.each([
      ['an unknown status', 'maybe'],
      ['a status that is no string', 5],
    ])('%s is 400', async (_what, status) => {
      const { id, member } = await shared()
      expectStatus(await answer(id, member, status, scratch.alt), 400)
    })

    test('a body without a status or with half a JSON is 400', async () => {
      const { path } = await shared()
      expectStatus(await scratch.alt.image('PUT', path, { json: {} }), 400)
      const headers = { 'content-type': 'application/json' }
      expectStatus(await scratch.alt.image('PUT', path, { body: '{"status":', headers }), 400)
    })

    test('a project that is no member is told 404', async () => {
      const { id } = await scratch.image()
      expectStatus(await answer(id, scratch.alt.projectId, 'accepted', scratch.alt), 404)
      expectStatus(await scratch.alt.image('GET', `/v2/images/${id}/members`), 404)
    })

    test('the owner sees all members, a member itself alone', async () => {
      const { id, member } = await shared()
      const other = randomUUID().replaceAll('-', '')
      expectStatus(await add(id, other), 200)
      const list = async (account: Account) => {
        const listed = await account.image('GET', `/v2/images/${id}/members`)
        expectStatus(listed, 200)
        const body = listed.json<{ members: WireImageMember[]; schema: string }>()
        expect(body.schema).toBe('/v2/schemas/members')
        return body.members.map((each) => each.member_id).toSorted()
      }
      expect(await list(scratch.demo)).toEqual([member, other].toSorted())
      expect(await list(scratch.alt)).toEqual([member])
      expectStatus(await scratch.alt.image('GET', `/v2/images/${id}/members/${other}`), 404)
      expectStatus(await scratch.alt.image('GET', `/v2/images/${id}/members/${member}`), 200)
    })

    test('a second time is 409', async () => {
      const { id, member } = await shared()
      expectStatus(await add(id, member), 409)
    })

    test.each([
      ['an empty member', { member: '' }],
      ['no member', {}],
    ])('%s is 400', async (_what, json) => {
      const { id } = await scratch.image()
      expectStatus(await scratch.demo.image('POST', `/v2/images/${id}/members`, { json }), 400)
    })

    test('a member adds nobody', async () => {
      const { id } = await shared()
      expectStatus(await add(id, randomUUID(), scratch.alt), 403)
    })

    test.each(['private', 'community'])('an image that is %s has no members', async (visibility) => {
      const { id } = await scratch.image({ visibility })
      expectStatus(await add(id, scratch.alt.projectId), 403)
      expectStatus(await scratch.demo.image('GET', `/v2/images/${id}/members`), 403)
    })

    test('members are hidden while the image is not shared, and come back with it', async () => {
      const { id, member } = await shared()
      const visibility = (value: string) => patch(scratch.demo, id, [{ op: 'replace', path: '/visibility', value }])
      await visibility('private')
      expectStatus(await scratch.alt.image('GET', `/v2/images/${id}`), 404)
      await visibility('shared')
      const back = await scratch.demo.image('GET', `/v2/images/${id}/members`)
      expect(back.json<{ members: WireImageMember[] }>().members.map((each) => each.member_id)).toEqual([member])
    })

    test('the owner removes a member, once; the member does not remove itself', async () => {
      const { path } = await shared()
      expectStatus(await scratch.alt.image('DELETE', path), 403)
      expectStatus(await scratch.demo.image('DELETE', path), 204)
      expectStatus(await scratch.demo.image('DELETE', path), 404)
      expectStatus(await scratch.demo.image('GET', path), 404)
    })

    test('a member neither changes nor deletes the image', async () => {
      const { id } = await shared()
      expectStatus(await patch(scratch.alt, id, [{ op: 'replace', path: '/name', value: 'mine' }]), 403)
      expectStatus(await scratch.alt.image('DELETE', `/v2/images/${id}`), 403)
    })

    test('a member added again after removal is pending again', async () => {
      const { id, member, path } = await shared()
      await answer(id, member, 'accepted', scratch.alt)
      await scratch.demo.image('DELETE', path)
      const again = await add(id, member)
      expectStatus(again, 200)
      expect(again.json<WireImageMember>().status).toBe('pending')
    })

    test('members of an unknown image are 404', async () => {
      const path = `/v2/images/${randomUUID()}/members`
      expectStatus(await scratch.demo.image('GET', path), 404)
      expectStatus(await scratch.demo.image('POST', path, { json: { member: scratch.alt.projectId } }), 404)
    })

    test('the 129th member is 413', async () => {
      const { id } = await scratch.image()
      for (let index = 0; index < 128; index += 1) expectStatus(await add(id, `member-${index}`), 200)
      expectStatus(await add(id, 'member-128'), 413)
    })
  })
}
