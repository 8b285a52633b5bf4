import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { messageOf } from './accounts.js'

/** When application credentials expire. */
export function applicationCredentialsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('ends of application credentials', makeTarget, (scratch) => {
    const create = (expires_at: unknown) =>
      scratch.demo.identity('POST', `/users/${scratch.demo.userId}/application_credentials`, {
        json: { application_credential: { name: scratch.name(), expires_at } },
      })

    test.each([
      ['2100-01-02T03:04:05', '2100-01-02T03:04:05.000000'],
      ['2100-01-02T03:04:05Z', '2100-01-02T03:04:05.000000'],
      ['2100-01-02T03:04:05.1', '2100-01-02T03:04:05.100000'],
      ['2100-01-02T03:04:05.123456Z', '2100-01-02T03:04:05.123456'],
      ['2100-01-02T03:04:05.1234567', '2100-01-02T03:04:05.123456'],
      ['2100-01-02T23:59:59.999999', '2100-01-02T23:59:59.999999'],
    ])('%s is %s', async (given, shown) => {
      const made = await create(given)
      expectStatus(made, 201)
      const credential = made.json<{ application_credential: Record<string, string> }>().application_credential
      const path = `/users/${scratch.demo.userId}/application_credentials/${credential['id']}`
      scratch.later(() => scratch.demo.identity('DELETE', path))
      expect(credential['expires_at']).toBe(shown)
      const read = await scratch.demo.identity('GET', path)
      expect(read.json()).toMatchObject({ application_credential: { expires_at: shown } })
    })

    test.each([
      ['soon', 'Timestamp not in expected format.'],
      ['2100-01-02', 'Timestamp not in expected format.'],
      ['2100-01-02T03:04:05+01:00', 'Timestamp not in expected format.'],
      ['2100-02-30T03:04:05', 'Timestamp not in expected format.'],
      ['2001-01-02T03:04:05', "The 'expires_at' must not be before now."],
    ])('%s is refused', async (given, problem) => {
      const answer = await create(given)
      expectStatus(answer, 400)
      expect(messageOf(answer)).toBe(
        `${problem} The server could not comply with the request since it is either malformed or otherwise incorrect. ` +
          'The client is assumed to be in error.',
      )
    })
  })
}
