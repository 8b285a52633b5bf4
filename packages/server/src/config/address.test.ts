import { describe, expect, test } from 'vitest'
import { AddressError, startCloud } from '../index.js'
import { call } from '../testing/sign-in.js'

const problemOf = (options: Partial<Parameters<typeof startCloud>[0]>): Promise<unknown> =>
  startCloud({ port: 0, ...options }).then(
    (cloud) => cloud.close().then(() => 'started'),
    (error: unknown) => (error instanceof AddressError ? error.option : error),
  )

const admin = { name: 'admin', project: 'admin', roles: ['admin'], password: 'secret' } as const
const own = { ...admin, password: 'dR5-not-the-default' } as const

describe('the host', () => {
  test.each(['', ' ', '\t', '\n'])('%j is refused', async (host) => {
    expect(await problemOf({ host })).toBe('host')
  })

  test('that has no address is refused', async () => {
    expect(await problemOf({ host: 'no-such-host.invalid' })).toBe('host')
  })
})

describe('default passwords', () => {
  const beyond = ['0.0.0.0', '::', '[::]', '0', '::ffff:0.0.0.0', '192.0.2.2', '::ffff:192.0.2.2', '2001:db8::1']
  test.each(beyond)('are refused on %s', async (host) => {
    expect(await problemOf({ host })).toBe('allowDefaultPasswords')
  })

  test('are refused where one user of several has it', async () => {
    expect(await problemOf({ host: '0.0.0.0', config: { users: [own, { ...admin, name: 'other' }] } })).toBe(
      'allowDefaultPasswords',
    )
  })

  test.each(['127.0.0.1', '127.0.0.2', 'localhost', '::ffff:127.0.0.1'])('are for %s', async (host) => {
    expect(await problemOf({ host })).toBe('started')
  })

  test('may be allowed, and are no matter once they are others', async () => {
    expect(await problemOf({ host: '0.0.0.0', allowDefaultPasswords: true })).toBe('started')
    expect(await problemOf({ host: '0.0.0.0', config: { users: [own] } })).toBe('started')
  })

  test('are said without repeating them', async () => {
    const error: unknown = await startCloud({ port: 0, host: '0.0.0.0' }).catch((each: unknown) => each)
    expect((error as Error).message).toContain('admin, demo')
    expect((error as Error).message).not.toContain('secret')
  })
})

describe('the public URL', () => {
  test.each([
    '',
    ' ',
    'cloud.example',
    'ftp://cloud.example',
    'http:cloud.example',
    'http://',
    'http://:80',
    'http://cloud.example:99999',
    'http://user@cloud.example',
    'http://user:word@cloud.example',
    'http://cloud.example?x=1',
    'http://cloud.example/?',
    'http://cloud.example/#there',
    'http://cloud example',
    'http://cloud.example/a b',
    'http://cloud.example\n',
    'javascript:alert(1)',
  ])('%j is refused', async (publicUrl) => {
    expect(await problemOf({ publicUrl })).toBe('publicUrl')
  })

  test.each([
    ['http://cloud.example', 'http://cloud.example'],
    ['http://cloud.example:80/', 'http://cloud.example'],
    ['HTTPS://Cloud.Example:8443/some/path//', 'https://cloud.example:8443/some/path'],
    ['http://[2001:db8::1]:8080', 'http://[2001:db8::1]:8080'],
  ])('%s is %s', async (publicUrl, url) => {
    await using cloud = await startCloud({ port: 0, publicUrl })
    expect([cloud.url, cloud.authUrl]).toEqual([url, `${url}/identity/v3`])
    expect([cloud.imageUrl, cloud.objectStoreUrl]).toEqual([`${url}/image`, `${url}/object-store/v1`])
    expect(cloud.cloudsYaml).toContain(`auth_url: "${url}/identity/v3"`)
    expect((await call('GET', `${cloud.localUrl}/image/versions`)).text).toContain(`"${url}/image/v2/"`)
  })
})
