import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { configFolders, type ConfigFolders } from '../../testing/config-folders.js'
import { checkConfig } from '../connect.js'
import { resolveConfig, type ConfigOptions } from './resolve-config.js'

type Json = Readonly<Record<string, unknown>>

/** A configuration, and the arguments passed to both implementations. */
interface Case {
  readonly clouds?: Json
  readonly secure?: Json
  readonly profiles?: Json
  readonly env?: Readonly<Record<string, string>>
  readonly options?: ConfigOptions
  readonly arguments?: Json
}

const auth = { auth_url: 'http://h/v3', username: 'u', password: 'p', project_name: 'pr' }
const unscoped = { auth_url: 'http://h/v3', username: 'u', password: 'p' }
const regions = ['a', { name: 'b', values: { interface: 'admin', auth: { username: 'ub' } } }]
const openrc = { OS_AUTH_URL: 'http://e', OS_USERNAME: 'eu', OS_PASSWORD: 'ep', OS_PROJECT_NAME: 'epr' }

const cases: Readonly<Record<string, Case>> = {
  'a plain cloud': { clouds: { c: { auth } } },
  'domains, region and interface': {
    clouds: {
      c: {
        auth: { ...auth, user_domain_name: 'UD', project_domain_id: 'pd' },
        region_name: 'R1',
        interface: 'internal',
      },
    },
  },
  'one domain for user and project': { clouds: { c: { auth: { ...auth, domain_name: 'D' } } } },
  'a domain as scope': { clouds: { c: { auth: { ...unscoped, domain_id: 'D', user_domain_id: 'x' } } } },
  'a project beside auth': { clouds: { c: { auth, project_name: 'outside', domain_id: 'od' } } },
  'a tenant for a project': { clouds: { c: { auth: { ...auth, tenant_name: 'tn' } } } },
  'user and password beside auth': {
    clouds: { c: { auth: { ...auth, tenant_id: 'tid' }, password: 'out', username: 'outu' } },
  },
  'no auth section, and dashes': { clouds: { c: { ...auth, 'user-domain-name': 'dash' } } },
  'secure.yaml': {
    clouds: { c: { auth } },
    secure: { c: { auth: { password: 'sec', project_name: 'sp' }, region_name: 'sr' } },
  },
  'a profile with the region in its URL': {
    clouds: { c: { profile: 'v', auth: { username: 'u', password: 'p', project_id: '1' }, region_name: 'eu' } },
    profiles: { v: { auth: { auth_url: 'https://{region_name}.x/v3', username: 'n' }, interface: 'internal' } },
  },
  'a profile with regions': {
    clouds: { c: { profile: 'v', auth: { username: 'u', password: 'p', project_id: '1' } } },
    profiles: { v: { auth: { auth_url: 'https://x/v3' }, regions: ['a', 'b'] } },
  },
  'the first region': { clouds: { c: { auth, regions } } },
  'a region with values': {
    clouds: { c: { auth, regions } },
    options: { region: 'b' },
    arguments: { region_name: 'b' },
  },
  'regions with commas': {
    clouds: { c: { auth, region_name: 'a,b' } },
    options: { region: 'b' },
    arguments: { region_name: 'b' },
  },
  'old names of interfaces': {
    clouds: {
      c: { auth, endpoint_type: 'internal', image_endpoint_type: 'admin', image_endpoint_override: 'http://i' },
    },
  },
  'an application credential': {
    clouds: {
      c: {
        auth_type: 'v3applicationcredential',
        auth: { auth_url: 'http://h', application_credential_id: 'i', application_credential_secret: 's' },
      },
    },
  },
  'a token': { clouds: { c: { auth_type: 'v3token', auth: { auth_url: 'http://h', token: 't', project_id: '1' } } } },
  'a token beside auth': {
    clouds: { c: { auth_type: 'token', auth_token: 't', auth: { auth_url: 'http://h', project_id: '1' } } },
  },
  'a passcode': {
    clouds: { c: { auth_type: 'v3totp', auth: { auth_url: 'http://h', username: 'u', passcode: '012345' } } },
  },
  'a passcode of the environment': {
    env: { OS_AUTH_TYPE: 'v3totp', OS_AUTH_URL: 'http://e', OS_USERNAME: 'eu', OS_PASSCODE: '012345' },
  },
  'no Keystone': { clouds: { c: { auth_type: 'none', auth: { endpoint: 'http://i' } } } },
  OS_CLOUD: { clouds: { c: { auth }, d: { auth: { ...auth, username: 'ud' } } }, env: { OS_CLOUD: 'd' } },
  'OS_* beside a file': {
    clouds: { c: { auth } },
    env: {
      ...openrc,
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
      OS_REGION_NAME: 'er',
      OS_INTERFACE: 'internal',
    },
  },
  'OS_* alone, with one domain': { env: { ...openrc, OS_DOMAIN_NAME: 'D' } },
  'OS_CLOUD with credentials of another': { clouds: { c: { auth } }, env: { ...openrc, OS_CLOUD: 'c' } },
  'verify: false': { clouds: { c: { auth, verify: false } } },
  insecure: { clouds: { c: { auth, insecure: true } } },
  'arguments over a file': {
    clouds: { c: { auth } },
    options: { auth: { projectName: 'argp' }, interface: 'admin' },
    arguments: { auth: { project_name: 'argp' }, interface: 'admin' },
  },
  'an empty name and an id': { clouds: { c: { auth: { ...auth, username: '', user_id: 'uid' } } } },
}

const topKeys = ['region_name', 'interface', 'image_interface', 'image_endpoint_override', 'auth_type']
const authKeys = [
  'auth_url',
  'username',
  'user_id',
  'password',
  'project_name',
  'project_id',
  'user_domain_name',
  'user_domain_id',
  'project_domain_name',
  'project_domain_id',
  'domain_id',
  'domain_name',
  'token',
  'passcode',
  'application_credential_id',
  'application_credential_secret',
  'endpoint',
]

/** Prints how openstacksdk resolves each case. A plugin takes its values from auth first (`_validate_auth`). */
const script = `
import json, os, sys
from openstack.config import loader
given = json.load(sys.stdin)
answers = {}
for name, case in given['cases'].items():
    for key in [key for key in os.environ if key.startswith('OS_')]:
        del os.environ[key]
    os.environ.update(case.get('env') or {})
    files = {kind: [os.path.join(case['folder'], 'cwd', kind + '.json')] for kind in ('clouds', 'secure', 'clouds-public')}
    found = loader.OpenStackConfig(files['clouds'], files['clouds-public'], secure_files=files['secure'])
    region = found.get_one(validate=False, **(case.get('arguments') or {}))
    answer = {key: region.config.get(key) or None for key in given['top']}
    for key in given['auth']:
        answer['auth.' + key] = region.config['auth'].get(key) or region.config.get(key) or None
    answer['insecure'] = region.get_requests_verify_args()[0] is False
    answers[name] = answer
print(json.dumps(answers))
`

const folders = new Map<string, ConfigFolders>()
let theirs: Readonly<Record<string, Json>> = {}
beforeAll(async () => {
  for (const [name, { clouds, secure, profiles }] of Object.entries(cases)) {
    const files = {
      ...(clouds && { 'cwd/clouds.json': JSON.stringify({ clouds }) }),
      ...(secure && { 'cwd/secure.json': JSON.stringify({ clouds: secure }) }),
      ...(profiles && { 'cwd/clouds-public.json': JSON.stringify({ 'public-clouds': profiles }) }),
    }
    folders.set(name, await configFolders(files))
  }
  const given = Object.entries(cases).map(([name, one]) => [name, { ...one, folder: folders.get(name)?.root }])
  const input = JSON.stringify({ cases: Object.fromEntries(given), top: topKeys, auth: authKeys })
  const python = join(inject('openstack').bin, 'python')
  const output = execFileSync(python, ['-W', 'ignore', '-c', script], { input, encoding: 'utf8' })
  theirs = JSON.parse(output) as typeof theirs
})
afterAll(async () => {
  for (const one of folders.values()) await one[Symbol.asyncDispose]()
})

test.each(Object.entries(cases))('openstacksdk and we read the same from: %s', async (name, { env, options }) => {
  const config = await resolveConfig(options, folders.get(name)!.context(env))
  const value = (key: string) => config.values.get(key)?.value || null
  const ours = {
    ...Object.fromEntries(topKeys.map((key) => [key, value(key)])),
    ...Object.fromEntries(authKeys.map((key) => [`auth.${key}`, value(`auth.${key}`)])),
    insecure: checkConfig(config).tls.insecure,
  }
  expect(ours).toEqual(theirs[name])
})
