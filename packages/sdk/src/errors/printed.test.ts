import { inspect } from 'node:util'
import { startCloud } from '@tyrax/server'
import { expect, test } from 'vitest'
import { connect } from '../node/index.js'
import { responseHeaders } from '../transport/response-headers.js'
import { ConnectionError, errorFromStatus, MalformedResponseError, UsageError } from './index.js'

/** The output of `console.log`, without the stack. */
const printed = (error: unknown) => inspect(error).replaceAll(/\n +at .*?(?=( \{)?$)/gm, '')

const request = { method: 'GET', url: 'http://cloud/v2/images/x' }

test('what an error does not have is not printed', () => {
  expect(printed(new UsageError('a tag cannot be empty'))).toBe('UsageError: a tag cannot be empty')
  const details = { status: 502, requestId: undefined, ...request }
  expect(printed(new MalformedResponseError('it is HTML', details))).not.toMatch(/undefined/)
  expect(printed(new ConnectionError('lost', { reason: 'reset', ...request, hint: 'try again' }))).toMatch(
    /^ConnectionError: lost \{\s+hint: 'try again',\s+reason: 'reset',/,
  )
})

test('an HTTP error prints what it has in a few lines, and keeps its headers', () => {
  const headers = responseHeaders({ 'retry-after': '3' })
  const error = errorFromStatus({ status: 503, message: 'busy', requestId: 'req-1', headers, ...request })
  expect(printed(error)).toBe(
    `ServerError: busy {
  status: 503,
  method: 'GET',
  url: 'http://cloud/v2/images/x',
  retryable: true,
  requestId: 'req-1'
}`,
  )
  expect(error.headers.get('Retry-After')).toBe('3')
})

test('an error of a real call prints neither functions nor what is undefined', async () => {
  await using server = await startCloud({ port: 0 })
  const auth = { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  await using cloud = await connect({ auth })
  const failing = [
    () => cloud.images.get('00000000-0000-4000-8000-000000000000'),
    () => cloud.images.find('nowhere'),
    () => cloud.images.list({ name: [] }).toArray(),
    () => connect({ auth: { ...auth, password: 'wrong' } }),
  ]
  for (const call of failing) {
    const error: unknown = await call().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    expect(printed(error)).not.toMatch(/undefined|\[Function|\[Getter|Map\(/)
  }
})
