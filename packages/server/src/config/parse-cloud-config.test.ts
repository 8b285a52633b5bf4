import { expect, test } from 'vitest'
import { ConfigError } from './config-error.js'
import { cloudsYaml } from './clouds-yaml.js'
import { defaultCloudConfig } from './defaults.js'
import { parseCloudConfig } from './parse-cloud-config.js'
import { parse } from 'yaml'

const user = { name: 'u', password: 'p', project: 'a', roles: ['member'] }

test('nothing given is the default, whole', () => {
  expect(parseCloudConfig({})).toEqual(defaultCloudConfig)
})

test('what is given replaces the default beside it and nothing else', () => {
  const config = parseCloudConfig({ users: [user], image: { quotas: { tags: 3 } } })
  expect(config.projects).toEqual(['a'])
  expect(config.image.quotas).toEqual({ ...defaultCloudConfig.image.quotas, tags: 3 })
  expect(config.image.importMethods).toEqual(defaultCloudConfig.image.importMethods)
})

test.each([
  ['an unknown key', { user: [] }, /user/],
  ['a role that there is not', { users: [{ ...user, roles: ['root'] }] }, /users\[0\]\.roles\[0\]/],
  ['a password that is a number', { users: [{ ...user, password: 1 }] }, /users\[0\]\.password/],
  ['a project that is not listed', { projects: ['b'], users: [user] }, /users\[0\]\.project: "a" is not among/],
  ['two passwords for one user', { users: [user, { ...user, password: 'q' }] }, /users\[1\]\.password/],
  [
    'a TOTP secret that is no base32',
    { users: [{ ...user, totpSecret: 'gezdgnbvgy3tqojqgezdgnbvgy' }] },
    /users\[0\]\.totpSecret/,
  ],
  [
    'a TOTP secret that one entry of a user has',
    { users: [user, { ...user, totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY' }] },
    /users\[1\]\.totpSecret/,
  ],
  ['two stores with one id', { image: { stores: [{ id: 's' }, { id: 's' }] } }, /two stores have the same id/],
  [
    'two default stores',
    {
      image: {
        stores: [
          { id: 's', default: true },
          { id: 't', default: true },
        ],
      },
    },
    /two stores are/,
  ],
  [
    'a default store that takes no data',
    { image: { stores: [{ id: 's' }, { id: 'web', type: 'http', default: true }] } },
    /image\.stores\[1\]: "web" is read-only, so it cannot be the default/,
  ],
  ['stores that take no data', { image: { stores: [{ id: 'web', type: 'http' }] } }, /all stores are read-only/],
  [
    'an http store that is to take data',
    { image: { stores: [{ id: 's' }, { id: 'web', type: 'http', readOnly: false }] } },
    /image\.stores\[1\]\.readOnly/,
  ],
  ['an unknown hash algorithm', { image: { hashAlgorithm: 'crc32' } }, /image\.hashAlgorithm/],
  ['an unknown visibility', { image: { defaultVisibility: 'hidden' } }, /image\.defaultVisibility/],
  ['no disk format', { image: { diskFormats: [] } }, /image\.diskFormats/],
  [
    'a protection of properties that is no expression',
    { image: { propertyProtections: [{ property: '(', create: [], read: [], update: [], delete: [] }] } },
    /image\.propertyProtections\[0\]\.property: is no regular expression/,
  ],
  [
    'a protection of properties that leaves an operation open',
    { image: { propertyProtections: [{ property: 'x', create: [], read: [], update: [] }] } },
    /image\.propertyProtections\[0\]\.delete/,
  ],
  [
    'a protection of properties for everyone and nobody',
    { image: { propertyProtections: [{ property: 'x', create: ['@', '!'], read: [], update: [], delete: [] }] } },
    /image\.propertyProtections\[0\]\.create: has "@" \(everyone\) and "!" \(nobody\)/,
  ],
  [
    'a region that is this one',
    { image: { remoteRegions: [{ region: 'RegionOne', url: 'http://127.0.0.1/image' }] } },
    /image\.remoteRegions: two entries/,
  ],
  [
    'a region whose URL is none',
    { image: { remoteRegions: [{ region: 'Two', url: 'ftp://127.0.0.1' }] } },
    /image\.remoteRegions\[0\]\.url/,
  ],
  ['a negative quota', { image: { quotas: { tags: -1 } } }, /image\.quotas\.tags/],
  ['a list', [], /expected object/],
  ['text', 'users', /expected object/],
])('%s is refused with its place', (_what, value, message) => {
  expect(() => parseCloudConfig(value)).toThrow(ConfigError)
  expect(() => parseCloudConfig(value)).toThrow(message)
})

test('an error says all that is wrong at once, and no password', () => {
  const users = [
    { ...user, password: 'top-secret' },
    { ...user, password: 'other-secret', roles: [] },
  ]
  const error = problemOf(() => parseCloudConfig({ projects: 'a', users }))
  expect(error?.problems).toHaveLength(2)
  expect(error?.message).not.toContain('secret')
})

test('a clouds.yaml keeps every character of names and passwords', () => {
  const odd = { ...user, name: 'ü: "x"', password: '# not a comment\\ \' "' }
  const config = parseCloudConfig({ users: [odd, { ...odd, project: 'b' }] })
  const { clouds } = parse(cloudsYaml('http://127.0.0.1:1/identity/v3', config)) as {
    clouds: Record<string, { auth: Record<string, string> }>
  }
  expect(Object.keys(clouds)).toEqual([odd.name, `${odd.name}-b`])
  expect(clouds[odd.name]?.auth).toMatchObject({ username: odd.name, password: odd.password, project_name: 'a' })
})

function problemOf(work: () => unknown): ConfigError | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error as ConfigError
  }
}
