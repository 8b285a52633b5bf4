import { expect, test } from 'vitest'
import { ConnectionError } from '../../errors/connection-errors.js'
import { pollForToken } from './device-flow.js'

/** Polls a provider that returns these, and returns the pauses between them. */
async function pausesOf(answers: readonly (string | Error)[], expiresAt = Infinity) {
  const pauses: number[] = []
  let moment = 0
  let next = 0
  const response = await pollForToken(
    async () => {
      const answer = answers[next++] ?? 'ok'
      if (answer instanceof Error) throw answer
      const [status, fields] = answer === 'ok' ? [200, {}] : [400, { error: answer }]
      return { status, fields, headers: new Headers(), method: 'POST', url: 'https://idp.example/token' }
    },
    {
      intervalMs: 1000,
      expiresAt,
      now: () => moment,
      async sleep(ms) {
        pauses.push(ms)
        moment += ms
      },
    },
  )
  return { pauses, status: response.status }
}

test('each slow_down adds five seconds to every pause after it, and other answers add nothing', async () => {
  const answers = ['authorization_pending', 'slow_down', 'authorization_pending', 'slow_down', 'ok']
  expect(await pausesOf(answers)).toEqual({ pauses: [1000, 1000, 6000, 6000, 11_000], status: 200 })
})

test('a provider that cannot be reached is asked half as often', async () => {
  const lost = new ConnectionError('lost', { reason: 'reset', method: 'POST', url: 'https://idp.example/token' })
  expect(await pausesOf([lost, lost, 'ok'])).toEqual({ pauses: [1000, 2000, 4000], status: 200 })
  await expect(pausesOf([new TypeError('other')])).rejects.toThrow('other')
})

test('polling ends with a refusal, and with the life of the code', async () => {
  expect(await pausesOf(['access_denied'])).toEqual({ pauses: [1000], status: 400 })
  const forever = Array.from({ length: 100 }, () => 'authorization_pending')
  await expect(pausesOf(forever, 10_000)).rejects.toMatchObject({
    name: 'UnauthorizedError',
    status: 401,
    message: 'the code expired before the sign-in was completed',
  })
})
