import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import type { Answer } from '../wire.js'
import { messageOf, notAuthorized } from './accounts.js'

interface AccessKey {
  readonly access: string
  readonly secret: string
}

/** Access keys for the EC2 and S3 APIs, on their own path and as credentials of the type ec2. */
export function ec2CredentialsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('access keys', makeTarget, (scratch) => {
    const keysOf = (userId: string) => `/users/${userId}/credentials/OS-EC2`
    const idOf = (access: string) => createHash('sha256').update(access).digest('hex')
    const makeKey = async (): Promise<AccessKey> => {
      const { demo } = scratch
      const made = await demo.identity('POST', keysOf(demo.userId), { json: { tenant_id: demo.projectId } })
      expectStatus(made, 201)
      const { credential } = made.json<{ credential: AccessKey }>()
      scratch.later(() => demo.identity('DELETE', `${keysOf(demo.userId)}/${credential.access}`))
      return credential
    }
    const createBlob = (blob: unknown, more: object = {}) => {
      const { userId: user_id, projectId: project_id } = scratch.demo
      const credential = { type: 'ec2', user_id, project_id, blob, ...more }
      return scratch.demo.identity('POST', '/credentials', { json: { credential } })
    }
    const expectRefused = (answer: Answer, status: number, message: string) => {
      expectStatus(answer, status)
      expect(messageOf(answer)).toBe(message)
    }

    test('a user makes a key, finds it in both lists, and removes it', async () => {
      const { demo, admin } = scratch
      const key = await makeKey()
      expect(key).toEqual({
        user_id: demo.userId,
        tenant_id: demo.projectId,
        access: expect.stringMatching(/^[0-9a-f]{32}$/),
        secret: expect.stringMatching(/^[0-9a-f]{32}$/),
        trust_id: null,
        links: { self: expect.stringMatching(`/v3${keysOf(demo.userId)}/${key.access}$`) },
      })
      const path = `${keysOf(demo.userId)}/${key.access}`
      for (const caller of [demo, admin])
        expect((await caller.identity('GET', path)).json()).toEqual({ credential: key })
      const listed = await demo.identity('GET', keysOf(demo.userId))
      expect(listed.json<{ credentials: AccessKey[] }>().credentials).toContainEqual(key)
      const credential = await demo.identity('GET', `/credentials/${idOf(key.access)}`)
      const blob = `{"access": "${key.access}", "secret": "${key.secret}", "trust_id": null}`
      expect(credential.json()).toMatchObject({ credential: { type: 'ec2', project_id: demo.projectId, blob } })
      expectStatus(await demo.identity('DELETE', path), 204)
      const missing = `Could not find credential: ${idOf(key.access)}.`
      expectRefused(await demo.identity('GET', path), 404, missing)
      expectRefused(await demo.identity('DELETE', path), 404, missing)
    })

    test('keys are for their user, whose role is member, and for admins', async () => {
      const { demo, alt, admin, target } = scratch
      const { access } = await makeKey()
      const [all, one, json] = [keysOf(demo.userId), `${keysOf(demo.userId)}/${access}`, { tenant_id: demo.projectId }]
      expectRefused(await alt.identity('GET', all), 403, notAuthorized('ec2_list_credentials'))
      expectRefused(await alt.identity('POST', all, { json }), 403, notAuthorized('ec2_create_credential'))
      expectRefused(await alt.identity('GET', one), 403, notAuthorized('ec2_get_credential'))
      expectRefused(await alt.identity('DELETE', one), 403, notAuthorized('ec2_delete_credential'))
      const own = await target.reader.identity('POST', keysOf(target.reader.userId), { json })
      expectRefused(own, 403, notAuthorized('ec2_create_credential'))
      expectRefused(await admin.identity('GET', keysOf('none')), 404, 'Could not find user: none.')
    })

    test.each([
      [{}, 'None'],
      [{ tenant_id: 'none' }, 'none'],
      [{ tenant_id: 5 }, '5'],
    ])('%j names no project', async (json, shown) => {
      const answer = await scratch.demo.identity('POST', keysOf(scratch.demo.userId), { json })
      expectRefused(answer, 404, `Could not find project: ${shown}.`)
    })

    test('a key of the caller’s own is kept once, and its content changes but for its limits', async () => {
      const { demo } = scratch
      const access = scratch.name()
      const made = await createBlob(JSON.stringify({ access, trust_id: 'one' }))
      expectStatus(made, 201)
      const path = `/credentials/${idOf(access)}`
      scratch.later(() => demo.identity('DELETE', path))
      expect(made.json()).toMatchObject({ credential: { id: idOf(access) } })
      const duplicate = `Conflict occurred attempting to store credential - Duplicate entry found with ID ${idOf(access)}.`
      expectRefused(await createBlob(JSON.stringify({ access })), 409, duplicate)
      const update = (blob: object) =>
        demo.identity('PATCH', path, { json: { credential: { blob: JSON.stringify(blob) } } })
      expectRefused(await update({ access }), 400, 'trust_id can not be updated for credential')
      expectStatus(await update({ access, trust_id: 'one', secret: 'new' }), 200)
      const shown = await demo.identity('GET', `${keysOf(demo.userId)}/${access}`)
      expect(shown.json()).toMatchObject({ credential: { access, secret: 'new', trust_id: 'one' } })
    })

    test.each([
      ['text', 'Invalid blob in credential'],
      ['{}', missingIn('blob')],
      ['[]', missingIn('blob')],
      ['{"secret": "s"}', missingIn('access')],
    ])('%s is no access key', async (blob, message) => {
      expectRefused(await createBlob(blob), 400, message)
    })

    test('a key without a project is refused', async () => {
      const answer = await createBlob('{"access": "a"}', { project_id: undefined })
      expectStatus(answer, 400)
      expect(messageOf(answer)).toMatch(
        /^Invalid input for field\/attribute credential\. .* 'project_id' is a required/,
      )
    })
  })
}

const missingIn = (what: string) =>
  `Expecting to find ${what} in credential. The server could not comply with the request since it is either malformed ` +
  'or otherwise incorrect. The client is assumed to be in error.'
