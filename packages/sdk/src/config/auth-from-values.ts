import type { AuthSettings, DomainRef, NamedInDomain, Scope } from '../auth/auth-settings.js'
import { identityUrl } from '../auth/identity-url.js'
import { ConfigError } from '../errors/config-errors.js'
import { missingError, type Subject } from './missing.js'
import { asText, describeOrigin, flagOf, textOf, type Values } from './values.js'

/** The method that each of openstacksdk's names for it stands for. */
const methods: Readonly<Record<string, AuthSettings['type'] | 'adminToken'>> = {
  password: 'password',
  v3password: 'password',
  token: 'token',
  v3token: 'token',
  v3applicationcredential: 'applicationCredential',
  applicationcredential: 'applicationCredential',
  none: 'none',
  admin_token: 'adminToken',
  token_endpoint: 'adminToken',
}

/** @throws ConfigError naming what is missing or unknown, and where it was looked for */
export function authFromValues(values: Values, subject: Subject): AuthSettings {
  const method = methodOf(values)
  const text = (key: string) => textOf(values, `auth.${key}`)
  const need = (...keys: readonly string[]): string => {
    for (const key of keys) {
      const value = text(key)
      if (value !== undefined) return value
    }
    throw missingError(subject, values, keys)
  }
  if (method === 'none' || method === 'adminToken') {
    const overridden = textOf(values, 'image_endpoint_override') !== undefined
    const endpoint = overridden ? text('endpoint') : need('endpoint')
    return {
      type: 'none',
      endpoint,
      token: method === 'adminToken' ? need('token') : undefined,
      projectId: text('project_id'),
    }
  }
  const authUrl = need('auth_url')
  const { origin } = values.get('auth.auth_url') ?? {}
  identityUrl(authUrl, origin && describeOrigin(origin))
  if (method === 'token') return { type: 'token', authUrl, token: need('token'), scope: scopeOf(values) }
  if (method === 'applicationCredential') {
    const id = text('application_credential_id')
    const name = id === undefined ? need('application_credential_id', 'application_credential_name') : ''
    const credential = id === undefined ? { name, user: userOf(values, need) } : { id }
    return { type: 'applicationCredential', authUrl, credential, secret: need('application_credential_secret') }
  }
  const user = userOf(values, need)
  return { type: 'password', authUrl, user, password: need('password'), scope: scopeOf(values) }
}

function methodOf(values: Values): AuthSettings['type'] | 'adminToken' {
  const setting = values.get('auth_type')
  const has = (key: string) => textOf(values, `auth.${key}`) !== undefined
  if (setting === undefined || setting.origin.kind === 'default') {
    if (has('application_credential_id') || has('application_credential_secret')) return 'applicationCredential'
    if (has('token') && !has('password')) return has('endpoint') && !has('auth_url') ? 'adminToken' : 'token'
    return 'password'
  }
  const name = asText(setting.value) ?? 'none'
  const method = methods[name.toLowerCase()]
  if (method) return method
  throw new ConfigError(`the auth type ${name} (${describeOrigin(setting.origin)}) is not supported`, {
    hint: `supported: ${Object.keys(methods).join(', ')}`,
  })
}

function userOf(values: Values, need: (...keys: readonly string[]) => string): NamedInDomain {
  const id = textOf(values, 'auth.user_id')
  if (id !== undefined) return { id }
  return { name: need('username', 'user_id'), domain: domainOf(values, 'user_domain') ?? defaultDomain }
}

function scopeOf(values: Values): Scope | undefined {
  if (flagOf(values, 'auth.unscoped') === true) return 'unscoped'
  const id = textOf(values, 'auth.project_id')
  if (id !== undefined) return { project: { id } }
  const name = textOf(values, 'auth.project_name')
  if (name !== undefined) {
    const domain = domainOf(values, 'project_domain') ?? domainOf(values, 'user_domain') ?? defaultDomain
    return { project: { name, domain } }
  }
  const domain = domainOf(values, 'domain')
  if (domain) return { domain }
  return textOf(values, 'auth.system_scope') === undefined ? undefined : { system: true }
}

/** The id of the domain that every Keystone is bootstrapped with. */
const defaultDomain: DomainRef = { id: 'default' }

function domainOf(values: Values, prefix: string): DomainRef | undefined {
  const id = textOf(values, `auth.${prefix}_id`)
  if (id !== undefined) return { id }
  const name = textOf(values, `auth.${prefix}_name`)
  if (name !== undefined) return { name }
  return undefined
}
