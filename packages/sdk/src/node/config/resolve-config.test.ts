import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeValues, type Setting, type Values } from '../../config/values.js'
import { configFolders } from '../../testing/config-folders.js'
import { checkConfig } from '../connect.js'
import { resolveConfig, type ConfigOptions } from './resolve-config.js'

const demo = `
clouds:
  demo:
    auth:
      auth_url: https://demo.example:5000/v3
      username: alice
      password: from-file
      project_name: web
      user_domain_name: Users
    region_name: RegionOne
`

async function resolve(
  files: Record<string, string | Uint8Array>,
  env: Record<string, string> = {},
  options: ConfigOptions = {},
) {
  await using folders = await configFolders(files)
  const shorten = (text: string) => text.replaceAll(folders.root, '')
  try {
    const config = await resolveConfig(options, folders.context(env))
    const { values } = config
    return {
      cloud: config.cloud,
      settings: () => {
        try {
          return checkConfig(config)
        } catch (error) {
          if (error instanceof Error) error.message = shorten(error.message)
          throw error
        }
      },
      value: (key: string) => values.get(key)?.value,
      origin: (key: string) => JSON.parse(shorten(JSON.stringify(values.get(key)?.origin ?? null))) as unknown,
      files: config.files.map(shorten),
      warnings: config.warnings.map(shorten),
    }
  } catch (error) {
    const { name, message, hint } = error as Error & { hint?: string }
    throw Object.assign(new Error(shorten(message)), { name, hint: hint === undefined ? undefined : shorten(hint) })
  }
}

test('the only cloud of clouds.yaml is used, and every value knows its place', async () => {
  const config = await resolve({ 'cwd/clouds.yaml': demo })
  expect(config.cloud).toBe('demo')
  expect(config.settings().auth).toEqual({
    type: 'password',
    authUrl: 'https://demo.example:5000/v3',
    user: { name: 'alice', domain: { name: 'Users' } },
    password: 'from-file',
    scope: { project: { name: 'web', domain: { name: 'Users' } } },
  })
  expect(config.origin('auth.username')).toEqual({
    kind: 'file',
    file: '/cwd/clouds.yaml',
    key: 'clouds.demo.auth.username',
  })
  expect(config.origin('interface')).toEqual({ kind: 'default' })
})

test('files are looked for in the current folder, the user’s, the site’s; the first one counts', async () => {
  const named = (name: string) => demo.replace('alice', name)
  const all = {
    'named.yaml': named('by-variable'),
    'cwd/clouds.yml': named('cwd'),
    'xdg/openstack/clouds.yaml': named('xdg'),
    'home/.config/openstack/clouds.json': JSON.stringify({ clouds: { demo: { auth: { username: 'home' } } } }),
    'site/openstack/clouds.yaml': named('site'),
  }
  const found: unknown[] = []
  const left: Record<string, string> = { ...all }
  for (const name of Object.keys(all)) {
    await using folders = await configFolders(left)
    const env = name === 'named.yaml' ? { OS_CLIENT_CONFIG_FILE: join(folders.root, 'named.yaml') } : undefined
    found.push((await resolveConfig({}, folders.context(env))).values.get('auth.username')?.value)
    delete left[name]
  }
  expect(found).toEqual(['by-variable', 'cwd', 'xdg', 'home', 'site'])
})

test('secure.yaml completes and overrides clouds.yaml, key by key', async () => {
  const secure = 'clouds:\n  demo:\n    auth:\n      password: from-secure\n    cacert: /ca.pem\n'
  const config = await resolve({ 'cwd/clouds.yaml': demo, 'home/.config/openstack/secure.yaml': secure })
  expect(config.value('auth.password')).toBe('from-secure')
  expect(config.value('auth.username')).toBe('alice')
  expect(config.value('cacert')).toBe('/ca.pem')
  expect(config.files).toEqual(['/cwd/clouds.yaml', '/home/.config/openstack/secure.yaml'])
})

test('a profile of clouds-public.yaml lies under the cloud, and its URL may name the region', async () => {
  const files = {
    'cwd/clouds.yaml':
      'clouds:\n  mine:\n    profile: vendor\n    auth: {username: u, password: p, project_id: p1}\n    region_name: eu\n',
    'cwd/clouds-public.yaml':
      'public-clouds:\n  vendor:\n    auth:\n      auth_url: https://{region_name}.vendor.example/v3\n      username: nobody\n    interface: internal\n',
  }
  const config = await resolve(files)
  expect(config.value('auth.auth_url')).toBe('https://eu.vendor.example/v3')
  expect(config.value('auth.username')).toBe('u')
  expect(config.value('interface')).toBe('internal')
  await expect(resolve({ 'cwd/clouds.yaml': files['cwd/clouds.yaml'] })).rejects.toThrow(
    'the profile vendor of the cloud mine is not known',
  )
})

test('OS_* describe a cloud when none is named, also beside a clouds.yaml', async () => {
  const env = {
    OS_AUTH_URL: 'http://h/v3',
    OS_USERNAME: 'bob',
    OS_PASSWORD: 's',
    OS_TENANT_NAME: 'old-word',
    OS_PROJECT_ID: '',
    OS_ENDPOINT_TYPE: 'internalURL',
  }
  const config = await resolve({ 'cwd/clouds.yaml': demo }, env)
  expect(config.cloud).toBeUndefined()
  expect(config.origin('auth.username')).toEqual({ kind: 'env', name: 'OS_USERNAME' })
  expect(config.settings()).toMatchObject({
    auth: { user: { name: 'bob' }, scope: { project: { name: 'old-word' } } },
    interfaces: ['internal'],
  })
})

test('a named cloud is not mixed with the credentials of the environment, only reached as it says', async () => {
  const env = {
    OS_CLOUD: 'demo',
    OS_AUTH_URL: 'http://other',
    OS_USERNAME: 'bob',
    OS_PASSWORD: 'theirs',
    OS_PROJECT_NAME: 'theirs',
    OS_CACERT: '/ca.pem',
  }
  const config = await resolve(
    { 'cwd/clouds.yaml': demo.replace('region_name: RegionOne', '') },
    { ...env, OS_REGION_NAME: 'RegionTwo' },
  )
  expect(config.settings()).toMatchObject({
    auth: {
      authUrl: 'https://demo.example:5000/v3',
      user: { name: 'alice' },
      password: 'from-file',
      scope: { project: { name: 'web' } },
    },
    region: 'RegionTwo',
    tls: { cacert: '/ca.pem' },
  })
})

test('a secret that the files leave out may come from the environment', async () => {
  const files = { 'cwd/clouds.yaml': demo.replace('      password: from-file\n', '') }
  const config = await resolve(files, { OS_CLOUD: 'demo', OS_PASSWORD: 'from-env' })
  expect(config.settings().auth).toMatchObject({ password: 'from-env' })
  expect(config.origin('auth.password')).toEqual({ kind: 'env', name: 'OS_PASSWORD' })
})

test('options win over everything', async () => {
  const options = { cloud: 'demo', region: 'R', auth: { projectName: 'other', projectDomainId: 'd' }, insecure: true }
  const config = await resolve(
    { 'cwd/clouds.yaml': demo },
    { OS_REGION_NAME: 'env' },
    { ...options, region: 'RegionOne' },
  )
  expect(config.settings()).toMatchObject({
    auth: { user: { name: 'alice' }, scope: { project: { name: 'other', domain: { id: 'd' } } } },
    tls: { insecure: true },
  })
  expect(config.origin('auth.project_name')).toEqual({ kind: 'argument', name: 'auth.projectName' })
})

test('options with an auth URL stand for themselves', async () => {
  const auth = { authUrl: 'http://h', userId: 'u', password: 'p' }
  const config = await resolve(
    { 'cwd/clouds.yaml': demo },
    { OS_PROJECT_NAME: 'stray', OS_AUTH_URL: 'http://x' },
    { auth },
  )
  expect(config.settings().auth).toEqual({
    type: 'password',
    authUrl: 'http://h',
    user: { id: 'u' },
    password: 'p',
    scope: undefined,
  })
  expect(config.files).toEqual([])
})

test('a passcode of the environment is for a cloud of a file that names its auth type, and for no other', async () => {
  const cloud = (authType: string) => `clouds:\n  demo:\n${authType}    auth: {auth_url: http://h, username: u}\n`
  const env = { OS_PASSCODE: '012345' }
  const named = await resolve({ 'cwd/clouds.yaml': cloud('    auth_type: v3totp\n') }, env)
  expect(named.settings().auth).toMatchObject({ type: 'totp', passcode: '012345' })
  const several = cloud('    auth_type: v3multifactor\n    auth_methods: [v3password, v3totp]\n    password: p\n')
  const both = await resolve({ 'cwd/clouds.yaml': several }, env)
  expect(both.settings().auth).toMatchObject({
    type: 'multiFactor',
    factors: [{ password: 'p' }, { passcode: '012345' }],
  })
  const unnamed = await resolve({ 'cwd/clouds.yaml': cloud('') }, env)
  expect(unnamed.settings).toThrow('the cloud demo has no password')
})

test('nothing at all is told apart from half a configuration', async () => {
  await expect(resolve({}, { OS_NAME: 'an operating system' })).rejects.toMatchObject({ name: 'NotConfiguredError' })
  await expect(resolve({}, { OS_REGION_NAME: 'r' })).rejects.toMatchObject({
    name: 'ConfigError',
    message: 'the configuration is incomplete: OS_REGION_NAME alone describes no cloud',
  })
  await expect(resolve({ 'cwd/clouds.yaml': 'clouds: {}\n' })).rejects.toMatchObject({ name: 'ConfigError' })
  await expect(resolve({}, {}, { auth: { username: 'u' } })).rejects.toMatchObject({ name: 'ConfigError' })
  await expect(resolve({}, { OS_CLOUD: 'demo' })).rejects.toThrow(
    /the cloud demo is not configured; looked in \/cwd\/clouds.yaml, /,
  )
})

test.each<ConfigOptions>([
  { transfers: { bytesPerSecond: 1 } },
  { retry: { retries: 0 }, timeouts: {}, userAgent: 'mine' },
  { signal: new AbortController().signal },
  { unheardOf: 1 } as object,
])('options that say nothing of a cloud configure none: %o', async (options) => {
  await expect(resolve({}, {}, options)).rejects.toMatchObject({ name: 'NotConfiguredError' })
})

test('what is missing is named with what there is, where it was looked for, and how to set it', async () => {
  const env = await resolve({}, { OS_AUTH_URL: 'http://h', OS_USERNAME: 'bob' })
  expect(env.settings).toThrow(
    'the cloud of the OS_* variables has no password; it has auth_url (OS_AUTH_URL), username (OS_USERNAME); looked in the OS_* variables',
  )
  const file = await resolve({ 'cwd/clouds.yaml': 'clouds:\n  demo:\n    auth: {username: u}\n' })
  const failure = await Promise.resolve()
    .then(file.settings)
    .catch((error: unknown) => error)
  expect(failure).toMatchObject({
    name: 'ConfigError',
    hint: expect.stringMatching(/^set clouds.demo.auth.auth_url in .*clouds.yaml or in secure.yaml$/),
  })
})

test('several clouds and none chosen is an error that lists them', async () => {
  const two = `${demo}  other:\n    auth: {}\n`
  await expect(resolve({ 'cwd/clouds.yaml': two })).rejects.toMatchObject({
    hint: 'choose one with cloud (--os-cloud) or OS_CLOUD: demo, other',
  })
  await expect(resolve({ 'cwd/clouds.yaml': two }, {}, { cloud: 'nope' })).rejects.toMatchObject({
    hint: 'the configured clouds are demo, other',
  })
})

test('a file that is not YAML is an error with line and column', async () => {
  await expect(resolve({ 'cwd/clouds.yaml': 'clouds:\n  demo:\n    auth: {a: b\n' })).rejects.toThrow(
    /^\/cwd\/clouds.yaml:\d+:\d+ is not valid YAML: /,
  )
  await expect(resolve({ 'cwd/clouds.yaml': '' })).rejects.toThrow('/cwd/clouds.yaml is empty or not a mapping')
  await expect(resolve({ 'cwd/clouds.yaml': 'clouds:\n  demo: 7\n' })).rejects.toThrow(
    'clouds.demo in /cwd/clouds.yaml is not a mapping',
  )
  await expect(resolve({ 'cwd/clouds.json': '{"clouds": ' })).rejects.toThrow(/^\/cwd\/clouds.json:1:\d+ is not valid/)
})

test('a folder in the place of a file is an error', async () => {
  await expect(resolve({ 'cwd/clouds.yaml/x': '' })).rejects.toThrow(/^\/cwd\/clouds.yaml cannot be read: EISDIR/)
})

test('regions of a cloud are checked, and bring their own values', async () => {
  const files = {
    'cwd/clouds.yaml': `${demo.replace('    region_name: RegionOne\n', '')}    regions:\n      - name: one\n        values: {interface: internal, auth: {username: one}}\n      - two\n`,
  }
  expect((await resolve(files)).settings()).toMatchObject({
    region: 'one',
    interfaces: ['internal'],
    auth: { user: { name: 'one' } },
  })
  expect((await resolve(files, { OS_REGION_NAME: 'two' })).settings()).toMatchObject({
    region: 'two',
    interfaces: ['public'],
    auth: { user: { name: 'alice' } },
  })
  await expect(resolve(files, {}, { region: 'three' })).rejects.toThrow(
    "the region three is not one of this cloud's: one, two",
  )
})

test.each([
  ['v3password', {}, { type: 'password' }],
  ['v3token', { token: 't' }, { type: 'token', token: 't' }],
  [
    'v3applicationcredential',
    { application_credential_id: 'i', application_credential_secret: 's' },
    { type: 'applicationCredential', credential: { id: 'i' } },
  ],
  ['none', { endpoint: 'http://h:9292' }, { type: 'none', endpoint: 'http://h:9292', token: undefined }],
  ['admin_token', { endpoint: 'http://h:9292', token: 't' }, { type: 'none', token: 't' }],
])('the auth type %s of openstacksdk is understood', async (type, auth, expected) => {
  const base = { auth_url: 'http://h', username: 'u', password: 'p' }
  const clouds = { demo: { auth_type: type, auth: { ...base, ...auth } } }
  expect((await resolve({ 'cwd/clouds.json': JSON.stringify({ clouds }) })).settings().auth).toMatchObject(expected)
})

test('an auth type that is not supported is an error that lists the others', async () => {
  const config = await resolve({ 'cwd/clouds.yaml': demo }, {}, { cloud: 'demo', authType: 'v3kerberos' })
  expect(config.settings).toThrow('the auth type v3kerberos (the argument authType) is not supported')
})

test('old names, dashes, and values beside auth mean the same', async () => {
  const clouds = {
    demo: {
      'auth-url': 'http://h',
      username: 'u',
      auth: { password: 'p', 'tenant-id': 't', 'user-domain-id': 'd' },
      verify: false,
      image_endpoint_type: 'adminURL',
    },
  }
  expect((await resolve({ 'cwd/clouds.json': JSON.stringify({ clouds }) })).settings()).toMatchObject({
    auth: { authUrl: 'http://h', user: { name: 'u', domain: { id: 'd' } }, scope: { project: { id: 't' } } },
    tls: { insecure: true },
    services: { image: { interfaces: ['admin'] } },
  })
})

test('merging takes each key from the last layer that has it', () => {
  const layer = fc.dictionary(fc.constantFrom('a', 'b', 'auth.c', 'auth.d'), fc.integer())
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 5 }), (layers) => {
      const asValues = (record: Record<string, number>): Values =>
        new Map(
          Object.entries(record).map(([key, value]): [string, Setting] => [
            key,
            { value, origin: { kind: 'default' } },
          ]),
        )
      const merged = mergeValues(...layers.map(asValues))
      for (const key of new Set(layers.flatMap(Object.keys))) {
        expect(merged.get(key)?.value).toBe(layers.findLast((one) => key in one)?.[key])
      }
      expect(merged.size).toBe(new Set(layers.flatMap(Object.keys)).size)
    }),
  )
})

test('a cloud of merged mappings and unquoted numbers is read as it was written', async () => {
  const config = await resolve({
    'cwd/clouds.yaml': `
base: &base
  auth: &auth { auth_url: "https://demo.example:5000/v3", user_domain_name: 0x10, project_name: 0001 }
  region_name: 1e3
  verify: yes
other: &other { interface: internal, verify: No }
clouds:
  demo:
    <<: [*other, *base]
    auth: { <<: *auth, username: 0042, password: 12345678901234567890123, user_domain_name: .5 }
`,
    'cwd/secure.yml': '{"clouds": {"demo": {"auth": {"password": 0123456789}}}}',
  })
  expect(config.settings()).toMatchObject({
    auth: {
      user: { name: '0042', domain: { name: '.5' } },
      password: '0123456789',
      scope: { project: { name: '0001' } },
    },
    region: '1e3',
    interfaces: ['internal'],
    tls: { insecure: true },
  })
})

test.each([
  ['yes', false],
  ['On', false],
  ['TRUE', false],
  ['1', false],
  ['~', false],
  ['no', true],
  ['Off', true],
  ['FALSE', true],
  ['0', true],
  ['"no"', true],
])('verify: %s', async (text, insecure) => {
  const config = await resolve({ 'cwd/clouds.yaml': `${demo}    verify: ${text}\n` })
  expect(config.settings().tls.insecure).toBe(insecure)
})

test.each([
  ['verify: /etc/ssl/own.pem', 'verify (clouds.demo.verify in /cwd/clouds.yaml) is neither true nor false'],
  ['region_name: {a: b}', 'region_name (clouds.demo.region_name in /cwd/clouds.yaml) is a mapping, not text'],
  ['cacert: [a, b]', 'cacert (clouds.demo.cacert in /cwd/clouds.yaml) is a list, not text'],
  ['password: {{ hunter2 }}', 'password (clouds.demo.password in /cwd/clouds.yaml) is a mapping, not text'],
])('%s is refused by its name', async (line, message) => {
  const [name = ''] = line.split(':')
  const text = demo.replace(new RegExp(` +${name}: .*\n`), '')
  const config = await resolve({ 'cwd/clouds.yaml': `${text}    ${line}\n` })
  expect(config.settings).toThrow(message)
})

test('clouds.yaml in UTF-16, with a byte order mark or line ends of Windows is read; in Latin-1 it is refused', async () => {
  const texts = [`\uFEFF${demo}`, demo.replaceAll('\n', '\r\n'), Buffer.from(`\uFEFF${demo}`, 'utf16le')]
  for (const text of [...texts, Buffer.from(`\uFEFF${demo}`, 'utf16le').swap16()]) {
    expect((await resolve({ 'cwd/clouds.yaml': text })).value('auth.password')).toBe('from-file')
  }
  const latin = Buffer.from(demo.replace('alice', 'zoë'), 'latin1')
  await expect(resolve({ 'cwd/clouds.yaml': latin })).rejects.toMatchObject({
    message: '/cwd/clouds.yaml is not used: it is not UTF-8',
    hint: 'save it with the encoding UTF-8',
  })
})

test('a key that is there twice counts as it is there last, with a warning that does not show it', async () => {
  const text = demo.replace('      project_name', '      password: hunter2\n      project_name')
  const config = await resolve({ 'cwd/clouds.yaml': text })
  expect(config.value('auth.password')).toBe('hunter2')
  expect(config.warnings).toEqual(['/cwd/clouds.yaml: password:8:7 appears twice, and the last one is used'])
})

const openrc = { OS_AUTH_URL: 'https://e:5000/v3', OS_USERNAME: 'eu', OS_PASSWORD: 'ep', OS_PROJECT_NAME: 'epr' }

test.each([
  ['OS_AUTH_URL', "'https://e:5000'", 'OS_AUTH_URL has quotes around it, which count as part of the value'],
  ['OS_AUTH_URL', '"https://e:5000', 'OS_AUTH_URL has a quote at one end'],
  ['OS_AUTH_URL', '\u00a0e:5000', 'OS_AUTH_URL has a non-breaking or invisible space in it'],
  ['OS_AUTH_TYPE', 'password\r', 'OS_AUTH_TYPE ends with a carriage return'],
  ['OS_AUTH_TYPE', 'password ', 'OS_AUTH_TYPE has spaces around it'],
  ['OS_AUTH_TYPE', '"password"', 'OS_AUTH_TYPE has quotes around it'],
])('%s=%j is named in the hint of what fails with it', async (name, value, hint) => {
  const config = await resolve({}, { ...openrc, [name]: value })
  const error = await Promise.resolve()
    .then(config.settings)
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'ConfigError', hint: expect.stringContaining(hint) })
})

test('quotes in OS_CLOUD and in a region are named too, and values without them are not', async () => {
  await expect(resolve({ 'cwd/clouds.yaml': demo }, { OS_CLOUD: '"demo"' })).rejects.toMatchObject({
    hint: expect.stringMatching(/^OS_CLOUD has quotes around it.*; the configured clouds are demo$/),
  })
  const warned = await resolve({}, { ...openrc, OS_REGION_NAME: 'RegionOne\r' })
  expect(warned.warnings).toEqual([expect.stringMatching(/^OS_REGION_NAME ends with a carriage return/)])
  expect((await resolve({}, { ...openrc, OS_PASSWORD: '"a\' b"c' })).warnings).toEqual([])
})

test.each([
  ['cloud.example:5000/v3', 'write the scheme too: https://cloud.example:5000/v3'],
  ['localhost:5000', 'write the scheme too: https://localhost:5000'],
  ['10.0.0.1', 'write the scheme too: https://10.0.0.1'],
  ['[::1]:5000/v3', 'write the scheme too: https://[::1]:5000/v3'],
  ['ftp://cloud.example', 'it looks like https://cloud.example.com:5000/v3'],
])('an auth URL %s is refused with its variable and what to write', async (url, hint) => {
  const config = await resolve({}, { ...openrc, OS_AUTH_URL: url })
  const error = await Promise.resolve()
    .then(config.settings)
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ hint: expect.stringContaining(hint) })
  expect(String(error)).toContain('the auth URL (OS_AUTH_URL) is not an http or https URL')
})
