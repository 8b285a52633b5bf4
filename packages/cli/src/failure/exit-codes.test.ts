import { expect, test } from 'vitest'
import {
  AbortError,
  ConfigError,
  ConnectionError,
  DiskFormatMismatch,
  errorFromStatus,
  IntegrityError,
  InvalidImageMemberStatus,
  ListInterruptedError,
  NoMatchError,
  NoUniqueMatch,
  NotConfiguredError,
  SourceError,
  TimeoutError,
  TyraxError,
  UsageError,
} from '@tyrax/sdk'
import { PartialFailure } from '../errors.js'
import { exitCodes, outcomeOf } from './exit-codes.js'

const status = (code: number) =>
  errorFromStatus({ status: code, message: 'm', method: 'GET', url: 'http://h/', headers: new Headers() })
const details = { method: 'GET', url: 'http://h/' } as const

test.each([
  ['a mistake of usage', new UsageError('m'), 2],
  ['a status that is none', new InvalidImageMemberStatus('m'), 2],
  ['half a configuration', new ConfigError('m'), 2],
  ['no configuration', new NotConfiguredError('m'), 2],
  ['400', status(400), 2],
  ['404', status(404), 3],
  ['no match', new NoMatchError('m'), 3],
  ['a list that cannot go on', new ListInterruptedError('m', 'id', { cause: status(400) }), 3],
  ['a list in circles', new ListInterruptedError('m', 'id'), 1],
  ['401', status(401), 4],
  ['403', status(403), 4],
  ['409', status(409), 5],
  ['410', status(410), 5],
  ['several of a name', new NoUniqueMatch('m', []), 5],
  ['a wrong hash', new IntegrityError('m', { what: 'sha512', expected: 'a', actual: 'b' }), 6],
  ['a wrong format', new DiskFormatMismatch('m', { declared: 'raw', detected: 'qcow2' }), 6],
  ['data the server refuses', status(415), 6],
  ['413', status(413), 7],
  ['507', status(507), 7],
  ['a deadline', new TimeoutError('m', { limit: 'deadline', timeoutMs: 1 }), 8],
  ['some of several', new PartialFailure(1, []), 9],
  ['429', status(429), 10],
  ['503', status(503), 10],
  ['no connection', new ConnectionError('m', { reason: 'refused', ...details }), 10],
  ['silence', new TimeoutError('m', { limit: 'idle', timeoutMs: 1 }), 10],
  ['an aborted call', new AbortError('m'), 130],
  ['an unreadable file', new SourceError('m'), 1],
  [
    'an address that cannot be reached',
    new SourceError('m', { cause: new ConnectionError('m', { reason: 'dns', ...details }) }),
    10,
  ],
  ['501', status(501), 1],
  ['any other of ours', new TyraxError('m'), 1],
  ['what we did not expect', new RangeError('m'), 1],
])('%s ends with its exit code', (_, error, code) => {
  expect(exitCodes[outcomeOf(error)]).toBe(code)
})
