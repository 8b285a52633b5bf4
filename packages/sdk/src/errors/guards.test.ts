import { expect, test } from 'vitest'
import {
  AbortError,
  CloudClosedError,
  ConnectionError,
  NoMatchError,
  NoUniqueMatch,
  errorFromStatus,
  isAborted,
  isConflict,
  isForbidden,
  isNotFound,
  isRetryable,
  isUnauthorized,
} from './index.js'

const error = (status: number) =>
  errorFromStatus({ status, message: 'm', method: 'GET', url: 'http://h/', headers: new Headers() })

test('guards tell errors by status, whichever copy of the package they come from', () => {
  expect(
    [401, 403, 404, 409].map((status) =>
      [isUnauthorized, isForbidden, isNotFound, isConflict].map((guard) => guard(error(status))),
    ),
  ).toEqual([
    [true, false, false, false],
    [false, true, false, false],
    [false, false, true, false],
    [false, false, false, true],
  ])
  expect(isNotFound({ name: 'NotFoundError', status: 404, headers: new Headers() })).toBe(true)
})

test('a name that nothing matches is not found; a cloud that was closed was not aborted by the caller', () => {
  expect(isNotFound(new NoMatchError('no image matches "x"'))).toBe(true)
  expect(isNotFound({ name: 'NoMatchError' })).toBe(true)
  expect(isNotFound(new NoUniqueMatch('several', []))).toBe(false)
  expect(isAborted(new AbortError('aborted'))).toBe(true)
  expect(isAborted(new DOMException('aborted', 'AbortError'))).toBe(true)
  expect(isAborted(new CloudClosedError())).toBe(false)
})

test.each([undefined, null, 'NotFoundError', 404, new Error('404'), { status: 200 }])(
  '%o is no HTTP error',
  (value) => {
    expect(isNotFound(value)).toBe(false)
    expect(isRetryable(value)).toBe(false)
  },
)

test('what may succeed later is told from what will not', () => {
  expect([429, 503].every((status) => isRetryable(error(status)))).toBe(true)
  expect(isRetryable(error(409))).toBe(false)
  expect(isRetryable(new ConnectionError('m', { reason: 'reset', method: 'GET', url: 'http://h/' }))).toBe(true)
})
