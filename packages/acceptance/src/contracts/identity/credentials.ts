import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { messageOf, notAuthorized } from './accounts.js'

interface Credential {
  readonly id: string
  readonly type: string
  readonly blob: string
}

/** Changes of credentials; that they are created, read and removed is in the suite of passcodes. */
export function credentialsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('changed credentials', makeTarget, (scratch) => {
    const makeCredential = async (): Promise<Credential> => {
      const json = { credential: { type: 'cert', blob: 'first', user_id: scratch.demo.userId } }
      const made = await scratch.demo.identity('POST', '/credentials', { json })
      expectStatus(made, 201)
      const { credential } = made.json<{ credential: Credential }>()
      scratch.later(() => scratch.demo.identity('DELETE', `/credentials/${credential.id}`))
      return credential
    }

    test('its user and an admin change the content', async () => {
      const credential = await makeCredential()
      const path = `/credentials/${credential.id}`
      for (const [caller, blob] of [
        [scratch.demo, 'second'],
        [scratch.admin, 'third'],
      ] as const) {
        const answer = await caller.identity('PATCH', path, { json: { credential: { blob } } })
        expectStatus(answer, 200)
        expect(answer.json()).toEqual({ credential: { ...credential, blob } })
        const read = await scratch.demo.identity('GET', path)
        expect(read.json()).toEqual({ credential: { ...credential, blob } })
      }
      for (const [caller, at, status, message] of [
        [scratch.alt, path, 403, notAuthorized('update_credential')],
        [scratch.alt, '/credentials/none', 403, notAuthorized('update_credential')],
        [scratch.admin, '/credentials/none', 404, 'Could not find credential: none.'],
      ] as const) {
        const answer = await caller.identity('PATCH', at, { json: { credential: { blob: 'other' } } })
        expectStatus(answer, status)
        expect(messageOf(answer)).toBe(message)
      }
    })

    test.each([
      [{}, "'credential' is a required property"],
      [{ credential: {} }, "Invalid input for field/attribute credential. Value: {}. 'blob' is a required property"],
      [{ credential: { blob: 5 } }, "Invalid input for field/attribute blob. Value: 5. 5 is not of type 'string'"],
    ])('%j changes nothing', async (json, message) => {
      const { id } = await makeCredential()
      const answer = await scratch.demo.identity('PATCH', `/credentials/${id}`, { json })
      expectStatus(answer, 400)
      expect(messageOf(answer)).toBe(message)
    })

    test.each(['type', 'user_id', 'project_id', 'id'])('%s cannot be changed', async (field) => {
      const { id } = await makeCredential()
      const json = { credential: { blob: 'other', [field]: 'other' } }
      expectStatus(await scratch.demo.identity('PATCH', `/credentials/${id}`, { json }), 400)
    })
  })
}
