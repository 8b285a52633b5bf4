import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { connect } from '@tyrax/sdk'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { exchange, type Answer } from '../wire.js'
import { base32, inOneStep, passcodeAt, stepNow } from './passcodes.js'

interface Credential {
  id: string
  type: string
  blob: string
  user_id: string
}
const domain = { id: 'default' }
const credentialOf = (answer: Answer) => answer.json<{ credential: Credential }>().credential

/** Passcodes: credentials of the type totp, and logins with them, alone and with a password. */
export function totpContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('passcodes', makeTarget, (scratch) => {
    const auth = (identity: unknown, scope?: unknown) =>
      exchange('POST', `${scratch.target.authUrl}/auth/tokens`, {
        json: { auth: { identity, ...(scope ? { scope } : {}) } },
      })
    const byPasscode = (passcode: string, scope?: unknown) =>
      auth({ methods: ['totp'], totp: { user: { id: scratch.demo.userId, passcode } } }, scope)
    const makeSecret = async (secret = randomBytes(20)) => {
      const json = { credential: { type: 'totp', blob: base32(secret), user_id: scratch.demo.userId } }
      const made = await scratch.demo.identity('POST', '/credentials', { json })
      expectStatus(made, 201)
      const credential = credentialOf(made)
      scratch.later(() => scratch.demo.identity('DELETE', `/credentials/${credential.id}`))
      return { secret, credential }
    }

    test('a credential is kept, read by its user and by an admin, and removed', async () => {
      const { demo, alt, admin } = scratch
      const { credential, secret } = await makeSecret()
      expect(credential).toMatchObject({ type: 'totp', blob: base32(secret), user_id: demo.userId, project_id: null })
      const path = `/credentials/${credential.id}`
      for (const caller of [demo, admin]) {
        const read = await caller.identity('GET', path)
        expectStatus(read, 200)
        expect(credentialOf(read)).toEqual(credential)
      }
      const listed = await demo.identity('GET', '/credentials?type=totp')
      expect(listed.json<{ credentials: Credential[] }>().credentials).toContainEqual(credential)
      const others = await alt.identity('GET', `/credentials?user_id=${demo.userId}`)
      expect(others.json<{ credentials: Credential[] }>().credentials).toEqual([])
      expectStatus(await alt.identity('GET', path), 403)
      expectStatus(await alt.identity('DELETE', path), 403)
      expectStatus(await demo.identity('DELETE', path), 204)
      expectStatus(await admin.identity('GET', path), 404)
    })

    test('a user makes none for another one, and what is missing is 400', async () => {
      const { demo, alt } = scratch
      const make = (credential: object) => alt.identity('POST', '/credentials', { json: { credential } })
      expectStatus(await make({ type: 'totp', blob: 'GEZDGNBVGY3TQOJQ', user_id: demo.userId }), 403)
      expectStatus(await make({ type: 'totp', user_id: alt.userId }), 400)
      expectStatus(await make({ blob: 'GEZDGNBVGY3TQOJQ', user_id: alt.userId }), 400)
    })

    test('a token of an application credential makes none and sees none', async () => {
      const { demo } = scratch
      const path = `/users/${demo.userId}/application_credentials`
      const made = await demo.identity('POST', path, { json: { application_credential: { name: scratch.name() } } })
      const { id, secret } = made.json<{ application_credential: { id: string; secret: string } }>()
        .application_credential
      scratch.later(() => demo.identity('DELETE', `${path}/${id}`))
      const { credential } = await makeSecret()
      const delegated = await auth({ methods: ['application_credential'], application_credential: { id, secret } })
      const headers = { 'x-auth-token': delegated.headers['x-subject-token'] ?? '' }
      const url = `${scratch.target.authUrl}/credentials`
      const json = { credential: { type: 'totp', blob: 'GEZDGNBVGY3TQOJQ', user_id: demo.userId } }
      expectStatus(await exchange('POST', url, { headers, json }), 403)
      expectStatus(await exchange('GET', `${url}/${credential.id}`, { headers }), 403)
      const listed = await exchange('GET', url, { headers })
      expect(listed.json<{ credentials: Credential[] }>().credentials).toEqual([])
    })

    test('the passcode of now and the one before it log in, an older one and a wrong one do not', async () => {
      const { secret } = await makeSecret()
      const project = { id: scratch.demo.projectId }
      const answer = await inOneStep((step) => byPasscode(passcodeAt(secret, step), { project }))
      expectStatus(answer, 201)
      const { token } = answer.json<{ token: { methods: string[]; user: { id: string }; project: { id: string } } }>()
      expect(token).toMatchObject({ methods: ['totp'], user: { id: scratch.demo.userId }, project })
      expectStatus(await inOneStep((step) => byPasscode(passcodeAt(secret, step - 1))), 201)
      expectStatus(await inOneStep((step) => byPasscode(passcodeAt(secret, step - 3))), 401)
      expectStatus(await byPasscode('12345'), 401)
      expectStatus(await byPasscode(''), 401)
    })

    test('without a credential no passcode logs in, and one that is no base32 does not stand in the way', async () => {
      expectStatus(await byPasscode('123456'), 401)
      const json = { credential: { type: 'totp', blob: 'not base32', user_id: scratch.demo.userId } }
      const made = await scratch.demo.identity('POST', '/credentials', { json })
      scratch.later(() => scratch.demo.identity('DELETE', `/credentials/${credentialOf(made).id}`))
      expectStatus(await byPasscode('123456'), 401)
      const { secret } = await makeSecret()
      expectStatus(await inOneStep((step) => byPasscode(passcodeAt(secret, step))), 201)
    })

    test('a secret below 128 bits lets no one in', async () => {
      const { secret } = await makeSecret(randomBytes(10))
      expectStatus(await inOneStep((step) => byPasscode(passcodeAt(secret, step))), 401)
    })

    test('two methods in one login must both be right, and for the same user', async () => {
      const { demo, alt } = scratch
      const { secret } = await makeSecret()
      const both = (account: { username: string; password: string }, passcode: string) =>
        auth({
          methods: ['password', 'totp'],
          password: { user: { name: account.username, domain, password: account.password } },
          totp: { user: { name: demo.username, domain, passcode } },
        })
      const answer = await inOneStep((step) => both(demo, passcodeAt(secret, step)))
      expectStatus(answer, 201)
      expect(answer.json<{ token: { methods: string[] } }>().token.methods.toSorted()).toEqual(['password', 'totp'])
      expectStatus(await both({ ...demo, password: 'wrong' }, passcodeAt(secret, stepNow())), 401)
      expectStatus(await both(demo, '12345'), 401)
      expectStatus(await both(alt, passcodeAt(secret, stepNow())), 401)
    })

    test('the client logs in with a passcode, alone and with a password', async () => {
      const { secret } = await makeSecret()
      const { username, password, projectName, projectId } = scratch.demo
      const { authUrl } = scratch.target
      const seen = (authType: string, more: object) =>
        inOneStep(async (step) => {
          const auth = { authUrl, username, projectName, passcode: passcodeAt(secret, step), ...more }
          await using cloud = await connect({ authType, auth })
          return { projectId: cloud.projectId, images: await cloud.images.list({ limit: 1 }).toArray() }
        })
      const expected = { projectId, images: expect.any(Array) }
      expect(await seen('v3totp', {})).toEqual(expected)
      expect(await seen('v3multifactor', { password, authMethods: ['v3password', 'v3totp'] })).toEqual(expected)
      const wrong = connect({ authType: 'v3totp', auth: { authUrl, username, projectName, passcode: '12345' } })
      await expect(wrong).rejects.toMatchObject({
        name: 'UnauthorizedError',
        hint: expect.stringContaining('passcode'),
      })
    })
  })
}
