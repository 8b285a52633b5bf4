import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseCloudConfig } from '../../config/parse-cloud-config.js'
import { openDatabase, migrate } from '../../database/database.js'
import { startCloud } from '../../index.js'
import { call, login } from '../../testing/sign-in.js'
import { Refusal } from '../../refusal.js'
import { openDirectory } from '../directory.js'
import { seedIdentity } from '../seed.js'
import { identityMigrations } from '../tables/migrations.js'
import { createReceiptService } from '../receipts/receipt-service.js'
import { createTokenService } from '../tokens/token-service.js'
import { logIn } from './log-in.js'

/** The key of RFC 6238, appendix B: `12345678901234567890`. */
const totpSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const user = { name: 'demo', password: 'secret', project: 'demo', roles: ['member'], totpSecret }

/** Whether a passcode is accepted at a time, in seconds since 1970. */
async function isLetIn(passcode: unknown, seconds: number, secret = totpSecret): Promise<boolean> {
  const db = openDatabase(':memory:')
  try {
    migrate(db, identityMigrations)
    const directory = openDirectory(db)
    const config = parseCloudConfig({ users: [{ ...user, totpSecret: secret }] })
    seedIdentity(db, directory, config)
    const now = () => new Date(seconds * 1000)
    const tokens = createTokenService(directory, now, 60)
    const receipts = createReceiptService(now)
    const totp = { user: { name: 'demo', domain: { id: 'default' }, passcode } }
    await logIn({ auth: { identity: { methods: ['totp'], totp } } }, undefined, { directory, tokens, receipts, now })
    return true
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== 'unauthenticated') throw error
    return false
  } finally {
    db.close()
  }
}

// Appendix B lists eight digits; these are the last six.
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at %i the passcode is %s, until the step after the next begins', async (seconds, passcode) => {
  const step = Math.floor(seconds / 30)
  expect(await isLetIn(passcode, seconds)).toBe(true)
  expect(await isLetIn(passcode, (step + 2) * 30 - 1)).toBe(true)
  expect(await isLetIn(passcode, (step + 2) * 30)).toBe(false)
  expect(await isLetIn(passcode, step * 30 - 1)).toBe(false)
})

test('a secret may have padding; a passcode that is longer, shorter or none is refused', async () => {
  // Computed with TOTP of Python's cryptography package, for the key `1234567890123456`.
  expect(await isLetIn('970934', 59, 'GEZDGNBVGY3TQOJQGEZDGNBVGY======')).toBe(true)
  for (const passcode of ['2870820', '28708', '', undefined]) expect(await isLetIn(passcode, 59)).toBe(false)
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-totp-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the configured secret is a credential of the user, follows the configuration, and leaves others alone', async () => {
  const { totpSecret: _, ...without } = user
  const another = { ...user, name: 'other', project: 'other' }
  const runs = [[user], [{ ...user, totpSecret: 'MFRGGZDFMZTWQ2LKNNWG23TPMFRGGZDF' }], [without], [another], [user]]
  const seen: string[][] = []
  const made: number[] = []
  for (const users of runs) {
    await using cloud = await startCloud({ port: 0, data: folder, config: { users } })
    const { name } = users[0] ?? user
    const { token } = await login(cloud.authUrl, name)
    const url = `${cloud.authUrl}/credentials`
    const list = async () =>
      (await call('GET', url, { token })).body as { credentials: { blob: string; user_id: string }[] }
    if (seen.length === 0) {
      const user_id = (await list()).credentials[0]?.user_id
      const json = { credential: { type: 'totp', blob: 'OWN', user_id } }
      made.push((await call('POST', url, { token, json })).status)
    }
    seen.push((await list()).credentials.map(({ blob }) => blob).toSorted())
  }
  expect(seen).toEqual([
    [totpSecret, 'OWN'],
    ['MFRGGZDFMZTWQ2LKNNWG23TPMFRGGZDF', 'OWN'],
    ['OWN'],
    [totpSecret],
    [totpSecret],
  ])
})
