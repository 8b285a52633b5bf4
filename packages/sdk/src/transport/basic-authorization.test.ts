import { expect, test } from 'vitest'
import { basicAuthorization } from './basic-authorization.js'

test.each([
  ['http://user:pass@h', 'user:pass'],
  ['http://user:p%ss@h', 'user:p%ss'],
  ['http://user:100%@h', 'user:100%'],
  ['http://user:%zz%41@h', 'user:%zzA'],
  ['http://us%40er:p%3a%2F@h', 'us@er:p:/'],
  ['http://user@h', 'user:'],
  ['http://user:@h', 'user:'],
  ['http://:pass@h', ':pass'],
  ['http://jürgen:päss@h', 'jürgen:päss'],
])('%s is sent as %s, as curl does', (url, pair) => {
  expect(basicAuthorization(new URL(url))).toBe(`Basic ${Buffer.from(pair).toString('base64')}`)
})

test('a URL without user and password has no authorization', () => {
  expect(basicAuthorization(new URL('http://h/a@b'))).toBeUndefined()
})
