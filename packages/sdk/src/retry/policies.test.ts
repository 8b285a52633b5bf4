import { expect, test } from 'vitest'
import {
  ChecksumMismatch,
  CloudClosedError,
  ConnectionError,
  errorFromStatus,
  IntegrityError,
  MalformedResponseError,
  TimeoutError,
} from '../errors/index.js'
import { DamagedData } from '../platform/decoder.js'
import { mayHaveBeenDone, RecordLostError } from './failures.js'
import { defaultRetryPolicy, policies, retryPolicy } from './policies.js'

const lost = (reason: ConnectionError['reason'], message = 'm') =>
  new ConnectionError(message, { reason, method: 'GET', url: 'http://h/' })
const late = (limit: TimeoutError['limit']) => new TimeoutError('m', { limit, timeoutMs: 1 })
const status = (value: number) =>
  errorFromStatus({ status: value, message: 'm', method: 'GET', url: 'http://h/', headers: new Headers() })
const size = (actual: string) => new IntegrityError('m', { what: 'size', expected: '10', actual })

const failures = {
  refused: lost('refused'),
  'dns: no such host': lost('dns'),
  'dns: busy': lost('dns', 'getaddrinfo EAI_AGAIN h'),
  tls: lost('tls'),
  proxy: lost('proxy'),
  reset: lost('reset'),
  truncated: lost('truncated'),
  unknown: lost('unknown'),
  'connect timeout': late('connect'),
  'headers timeout': late('headers'),
  'idle timeout': late('idle'),
  'response timeout': late('response'),
  deadline: late('deadline'),
  401: status(401),
  404: status(404),
  409: status(409),
  410: status(410),
  413: status(413),
  429: status(429),
  500: status(500),
  501: status(501),
  503: status(503),
  malformed: new MalformedResponseError('m', { status: 200, requestId: undefined, method: 'GET', url: 'http://h/' }),
  closed: new CloudClosedError(),
  'another checksum': new ChecksumMismatch('s', { algorithm: 'md5', expected: '0', actual: '1' }),
  'damaged compression': new DamagedData('m'),
  'too short': size('9'),
  'too long': size('more than 10'),
  'another hash': new IntegrityError('m', { what: 'sha512', expected: '9', actual: '1' }),
  'lost record': new RecordLostError('m', 'saving'),
}

const exchangeTimeouts = ['connect timeout', 'headers timeout', 'idle timeout', 'response timeout']
const passing = ['429', '500', '503']
const busyName = 'dns: busy'
const anyConnection = ['refused', 'dns: no such host', busyName, 'tls', 'proxy', 'reset', 'truncated', 'unknown']
const but = (names: readonly string[], ...left: readonly string[]) => names.filter((name) => !left.includes(name))

test.each<[keyof typeof policies, number, readonly string[]]>([
  ['request', 4, ['refused', busyName, 'reset', 'truncated', ...exchangeTimeouts]],
  ['responseBody', 4, ['reset', 'truncated', 'idle timeout']],
  ['login', 4, ['reset']],
  ['imageData', 8, ['reset', 'truncated', 'unknown', 'idle timeout']],
  ['shortImageData', 8, ['too short']],
  ['objectData', 4, ['reset', 'truncated', 'unknown', 'idle timeout']],
  ['extraConnection', 1, [...anyConnection, ...exchangeTimeouts, 'deadline', ...passing]],
  ['urlFirstResponse', 4, ['reset', 'truncated', ...exchangeTimeouts, 'deadline']],
  ['urlFurtherResponse', 4, [...anyConnection, ...exchangeTimeouts, 'deadline']],
  ['wrongFile', 1, ['another checksum', 'too long', 'another hash']],
  ['upload', 4, [...but(anyConnection, 'tls', 'proxy'), ...exchangeTimeouts, '401', ...passing]],
  [
    'repeatedUpload',
    4,
    [...but(anyConnection, 'tls', 'proxy'), ...exchangeTimeouts, '401', '404', '409', '410', ...passing],
  ],
  ['damagedSource', 1, ['another checksum', 'damaged compression']],
  ['lostRecord', 1, ['lost record']],
  ['patch', 4, ['409']],
  ['wait', 9, [...but(anyConnection, 'tls'), ...exchangeTimeouts, '401', ...passing]],
  ['saving', Number.POSITIVE_INFINITY, [...anyConnection, ...exchangeTimeouts, 'deadline', ...passing]],
])('%s is tried again %d times, after these failures alone', (work, retries, wanted) => {
  const policy = policies[work]
  const worth = Object.entries(failures).flatMap(([name, error]) => (policy.isWorthRetrying(error) ? [name] : []))
  expect(worth.toSorted()).toEqual([...wanted].toSorted())
  expect(policy.retries).toBe(retries)
})

test('connect({ retry }) changes what a row and the defaults set', () => {
  expect(retryPolicy('imageData', undefined)).toEqual({ ...defaultRetryPolicy, retries: 8 })
  expect(retryPolicy('imageData', { retries: 1, delayMs: 0 })).toEqual({
    ...defaultRetryPolicy,
    retries: 1,
    delayMs: 0,
  })
})

test('a server that was reached may have done what it did not respond to', () => {
  const unsure = Object.entries(failures).flatMap(([name, error]) => (mayHaveBeenDone(error) ? [name] : []))
  expect(unsure.toSorted()).toEqual(
    ['reset', 'truncated', ...exchangeTimeouts, 'deadline', '500', '501', '503', 'malformed', 'closed'].toSorted(),
  )
})
