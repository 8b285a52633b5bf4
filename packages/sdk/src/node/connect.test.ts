import { expect, test } from 'vitest'
import { connect, UnauthorizedError } from './index.js'
import { scriptedCloud } from '../testing/scripted-cloud.js'

test('connecting with a password logs in once and knows the project, the user and the token', async () => {
  await using server = await scriptedCloud()
  await using cloud = await connect({ auth: server.auth })
  expect(cloud.projectId).toBe('project-id')
  expect(cloud.userId).toBe('user-id')
  expect(await cloud.token()).toBe('token-1')
  expect(server.logins).toEqual([
    {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'demo', domain: { id: 'default' }, password: 'secret' } },
        },
        scope: { project: { name: 'demo', domain: { id: 'default' } } },
      },
    },
  ])
})

test('a wrong password is an UnauthorizedError with the words of Keystone', async () => {
  await using server = await scriptedCloud()
  const failure = await connect({ auth: { ...server.auth, password: 'wrong' } }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(UnauthorizedError)
  expect(failure).toMatchObject({ status: 401, message: 'The request you have made requires authentication.' })
})
