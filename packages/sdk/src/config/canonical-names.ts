import { authMethods } from '../auth/methods/index.js'
import type { Setting, Values } from './values.js'

/** Values that belong to `auth`, wherever they are written; a later name takes precedence over an earlier one. */
const authNames: Readonly<Record<string, readonly string[]>> = {
  token: ['auth_token', 'token'],
  project_id: ['tenant_id', 'project_id'],
  project_name: ['tenant_name', 'project_name'],
  domain_id: ['domain_id'],
  domain_name: ['domain_name'],
  user_domain_id: ['user_domain_id'],
  user_domain_name: ['user_domain_name'],
  project_domain_id: ['project_domain_id'],
  project_domain_name: ['project_domain_name'],
  passcode: ['passcode'],
}

/** Also has an old name; see below. */
const endpoint = 'endpoint'

/** Values of the login method: for these, the ones in `auth` win over those next to it (`_validate_auth`). */
const methodNames = [...new Set(['auth_url', 'system_scope', ...authMethods.flatMap(({ keys }) => keys)])].filter(
  (name) => name !== endpoint && !Object.hasOwn(authNames, name),
)

/** The same values with each under a single name, as openstacksdk's `magic_fixes` does (openstack/config/loader.py). */
export function canonicalNames(values: Values): Values {
  const fixed = new Map(values)
  const take = (key: string): Setting | undefined => {
    const setting = fixed.get(key)
    fixed.delete(key)
    return setting?.value === null || setting?.value === '' ? undefined : setting
  }
  fixAuthType(fixed, take)
  for (const [target, names] of Object.entries(authNames)) {
    let winner: Setting | undefined
    for (const name of names) winner = pickLast(winner, take(`auth.${name}`), take(name))
    if (winner) fixed.set(`auth.${target}`, winner)
  }
  for (const name of methodNames) {
    const outside = take(name)
    const inside = take(`auth.${name}`)
    const winner = inside ?? outside
    if (winner) fixed.set(`auth.${name}`, winner)
  }
  const url = pickLast(take('url'), take(endpoint), take('auth.url'), take(`auth.${endpoint}`))
  if (url) fixed.set(`auth.${endpoint}`, url)
  fixInterfaces(fixed)
  fixDomains(fixed)
  return expand(fixed)
}

function pickLast(...settings: readonly (Setting | undefined)[]): Setting | undefined {
  return settings.findLast((setting) => setting !== undefined)
}

function fixAuthType(values: Map<string, Setting>, take: (key: string) => Setting | undefined): void {
  const plugin = take('auth_plugin')
  if (plugin && (values.get('auth_type')?.origin.kind ?? 'default') === 'default') values.set('auth_type', plugin)
}

/** `endpoint_type` and `image_endpoint_type` are old names of `interface` and `image_interface`. */
function fixInterfaces(values: Map<string, Setting>): void {
  const old = [...values].filter(([key]) => key.endsWith('endpoint_type'))
  for (const [key, setting] of old) {
    values.delete(key)
    values.set(key.replace(/endpoint_type$/, 'interface'), setting)
  }
}

/** A single domain applies to both user and project; without a project it is the scope (`_handle_domain_id`). */
function fixDomains(values: Map<string, Setting>): void {
  const scoped = values.has('auth.project_id') || values.has('auth.project_name')
  if (!scoped) return
  for (const part of ['id', 'name']) {
    const domain = values.get(`auth.domain_${part}`)
    values.delete(`auth.domain_${part}`)
    if (!domain) continue
    for (const owner of ['user', 'project']) {
      const key = `auth.${owner}_domain_${part}`
      if (!values.has(key)) values.set(key, domain)
    }
  }
}

/** Profiles of public clouds write `https://{region_name}.example.com`. */
function expand(values: Map<string, Setting>): Values {
  for (const [key, setting] of values) {
    if (typeof setting.value !== 'string' || !/url$|endpoint/.test(key)) continue
    const value = setting.value.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const other = values.get(name)?.value ?? values.get(`auth.${name}`)?.value
      return typeof other === 'string' ? other : whole
    })
    values.set(key, { ...setting, value })
  }
  return values
}
