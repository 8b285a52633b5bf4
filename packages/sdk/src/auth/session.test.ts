import { expect, test } from 'vitest'
import { createSession } from './session.js'
import type { TokenGrant } from './token-grant.js'

function grantOf(token: string, expiresAt: number | undefined): TokenGrant {
  return { token, expiresAt, catalog: [], projectId: 'p', projectName: 'p', userId: 'u', userName: 'u', roles: [] }
}

function counting(lifeMs: number) {
  let clock = 1_000_000
  let count = 0
  const waiting: (() => void)[] = []
  const session = createSession({
    now: () => clock,
    authenticate: async () => {
      count += 1
      const token = `token-${count}`
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
      })
      return grantOf(token, clock + lifeMs)
    },
  })
  return {
    session,
    pass: (ms: number) => {
      clock += ms
    },
    answer: async () => {
      while (waiting.length === 0) await Promise.resolve()
      for (const resolve of waiting.splice(0)) resolve()
    },
    count: () => count,
  }
}

test('however many wait, one request is made', async () => {
  const { session, answer, count } = counting(3_600_000)
  const grants = Promise.all(Array.from({ length: 50 }, () => session.grant()))
  await answer()
  expect(new Set((await grants).map(({ token }) => token))).toEqual(new Set(['token-1']))
  expect(count()).toBe(1)
})

test('a token is renewed before it expires, not only after', async () => {
  const { session, answer, pass, count } = counting(3_600_000)
  const first = session.grant()
  await answer()
  await first
  pass(3_600_000 - 121_000)
  expect((await session.grant()).token).toBe('token-1')
  pass(2000)
  const second = session.grant()
  await answer()
  expect((await second).token).toBe('token-2')
  expect(count()).toBe(2)
})

test('a token that lives shorter than the margin is still used more than once', async () => {
  const { session, answer, pass } = counting(5000)
  const first = session.grant()
  await answer()
  await first
  pass(3900)
  expect((await session.grant()).token).toBe('token-1')
})

test('a waiter that gives up does not end the renewal of the others', async () => {
  const { session, answer, count } = counting(3_600_000)
  const control = new AbortController()
  const impatient = session.grant(control.signal)
  const patient = session.grant()
  control.abort()
  await expect(impatient).rejects.toMatchObject({ name: 'AbortError' })
  await answer()
  expect((await patient).token).toBe('token-1')
  expect(count()).toBe(1)
})

test('a refused token that was replaced meanwhile is not renewed again', async () => {
  const { session, answer, count } = counting(3_600_000)
  const first = session.grant()
  await answer()
  const refused = await first
  const renewed = session.renew(refused)
  await answer()
  expect((await renewed).token).toBe('token-2')
  expect((await session.renew(refused)).token).toBe('token-2')
  expect(count()).toBe(2)
})

test('a failed login is tried anew by the next caller', async () => {
  let count = 0
  const session = createSession({
    authenticate: async () => {
      count += 1
      if (count === 1) throw new Error('down')
      return grantOf('token', undefined)
    },
  })
  await expect(session.grant()).rejects.toThrow('down')
  expect((await session.grant()).token).toBe('token')
})

test('a kept token is used while it lives, and a new one is kept', async () => {
  const saved: TokenGrant[] = []
  const options = {
    now: () => 1000,
    authenticate: async () => grantOf('new', 10_000_000),
    save: async (grant: TokenGrant) => {
      saved.push(grant)
    },
  }
  const alive = createSession({ ...options, load: async () => grantOf('kept', 10_000_000) })
  expect((await alive.grant()).token).toBe('kept')
  const expired = createSession({ ...options, load: async () => grantOf('kept', 2000) })
  expect((await expired.grant()).token).toBe('new')
  expect(saved.map(({ token }) => token)).toEqual(['new'])
})

test('after close nothing is got any more', async () => {
  const session = createSession({ authenticate: async () => grantOf('token', undefined) })
  session.close()
  await expect(session.grant()).rejects.toMatchObject({ name: 'CloudClosedError' })
})
