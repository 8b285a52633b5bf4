import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { connect, type SignIn } from '@tyrax/sdk'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { exchange } from '../wire.js'
import { domain, makeAccount, makeUser, password } from './accounts.js'
import { base32, inOneStep, passcodeAt } from './passcodes.js'

interface Receipt {
  receipt: { methods: string[]; user: object; expires_at: string; issued_at: string }
  required_auth_methods: string[][]
}

const header = 'openstack-auth-receipt'
const rules = [['password', 'totp']]

/** Users who must sign in with several methods: rules, receipts, and how the client continues. */
export function multiFactorContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('several methods', makeTarget, (scratch) => {
    /** A user with these rules and a secret for passcodes, in a project of its own. */
    const careful = async (options: object = { multi_factor_auth_rules: rules }) => {
      const { user, project } = await makeAccount(scratch)
      const secret = randomBytes(20)
      const credential = { type: 'totp', blob: base32(secret), user_id: user.id }
      expectStatus(await scratch.admin.identity('POST', '/credentials', { json: { credential } }), 201)
      expectStatus(await scratch.admin.identity('PATCH', `/users/${user.id}`, { json: { user: { options } } }), 200)
      return { user, project, secret }
    }
    const logIn = (identity: object, receipt?: string) =>
      exchange('POST', `${scratch.target.authUrl}/auth/tokens`, {
        json: { auth: { identity } },
        ...(receipt !== undefined && { headers: { [header]: receipt } }),
      })
    const byPassword = (id: string, receipt?: string) =>
      logIn({ methods: ['password'], password: { user: { id, password } } }, receipt)
    const byPasscode = (id: string, passcode: string, receipt?: string) =>
      logIn({ methods: ['totp'], totp: { user: { id, passcode } } }, receipt)

    test('a login with one of two methods gets a receipt, with which the other one completes it', async () => {
      const { user, secret } = await careful()
      const first = await byPassword(user.id)
      expectStatus(first, 401)
      expect(first.json<Receipt>()).toEqual({
        receipt: {
          methods: ['password'],
          user: { id: user.id, name: user.name, domain: { ...domain, name: 'Default' } },
          expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
          issued_at: expect.stringMatching(/^\d{4}-.*Z$/),
        },
        required_auth_methods: [expect.arrayContaining(['password', 'totp'])],
      })
      const receipt = first.headers[header]
      expectStatus(await byPasscode(user.id, '12345', receipt), 401)
      const second = await inOneStep((step) => byPasscode(user.id, passcodeAt(secret, step), receipt))
      expectStatus(second, 201)
      const { token } = second.json<{ token: { methods: string[] } }>()
      expect(token.methods.toSorted()).toEqual(['password', 'totp'])
      // Its methods count when it is exchanged.
      expectStatus(await logIn({ methods: ['token'], token: { id: second.headers['x-subject-token'] } }), 201)
    })

    test('a receipt is no proof for another user, and an invented one for none', async () => {
      const { user } = await careful()
      const other = await makeUser(scratch)
      const receipt = (await byPassword(user.id)).headers[header]
      expectStatus(await byPassword(other.id, receipt), 401)
      const invented = await byPassword(user.id, 'invented')
      expectStatus(invented, 401)
      expect(invented.headers[header]).toBeUndefined()
    })

    test('rules that are switched off, and rules of methods that the cloud does not have, require nothing', async () => {
      const off = await careful({ multi_factor_auth_rules: rules, multi_factor_auth_enabled: false })
      expectStatus(await byPassword(off.user.id), 201)
      const unknown = await careful({ multi_factor_auth_rules: [['palm', 'password']] })
      expectStatus(await byPassword(unknown.user.id), 201)
      const either = await careful({ multi_factor_auth_rules: [['totp'], ['password']] })
      expectStatus(await byPassword(either.user.id), 201)
    })

    test.each([[[]], [['password', 'password']], ['password'], [[7]]].map((rule) => [rule]))(
      'the rule %j is 400',
      async (rule) => {
        const user = await makeUser(scratch)
        const options = { multi_factor_auth_rules: rule.length === 0 ? [rule] : [...rule] }
        const made = await scratch.admin.identity('PATCH', `/users/${user.id}`, { json: { user: { options } } })
        expectStatus(made, 400)
      },
    )

    test('the client continues with the passcode that is configured or asked for, and with the password', async () => {
      const { user, project, secret } = await careful()
      const { authUrl } = scratch.target
      const login = { authUrl, userId: user.id, projectId: project.id }
      const asked: string[] = []
      const seen = (authType: string, makeAuth: (passcode: string) => object, signIn?: (passcode: string) => SignIn) =>
        inOneStep(async (step) => {
          const passcode = passcodeAt(secret, step)
          const auth = { ...login, ...makeAuth(passcode) }
          await using cloud = await connect({ authType, auth, signIn: signIn?.(passcode) })
          return cloud.projectId
        })
      const askPasscode = (passcode: string) => ({
        askPasscode: async () => {
          asked.push(passcode)
          return passcode
        },
      })
      expect(await seen('password', (passcode) => ({ password, passcode }))).toBe(project.id)
      expect(await seen('v3totp', (passcode) => ({ password, passcode }))).toBe(project.id)
      expect(asked).toEqual([])
      expect(await seen('password', () => ({ password }), askPasscode)).toBe(project.id)
      const one = { password, authMethods: ['v3password'] }
      expect(await seen('v3multifactor', () => one, askPasscode)).toBe(project.id)
      expect(asked.length).toBeGreaterThanOrEqual(2)
      await expect(connect({ auth: { ...login, password } })).rejects.toMatchObject({
        name: 'UnauthorizedError',
        status: 401,
        message: expect.stringMatching(/^password was right, but the user must sign in with .*totp/),
        hint: expect.stringContaining('OS_PASSCODE'),
      })
      await expect(connect({ auth: { ...login, password, passcode: '12345' } })).rejects.toMatchObject({
        name: 'UnauthorizedError',
        hint: expect.stringContaining('the second one is wrong'),
      })
    })
  })
}
