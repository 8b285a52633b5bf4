import type { DomainRef, NamedInDomain, Scope } from './scope.js'

/** The login values of a configuration, under openstacksdk's names without `auth.`: `username`, `user_domain_id`, …. */
export interface AuthValues {
  /** The configured `auth_type`; undefined where the method was recognised by its values. */
  readonly authType: string | undefined
  /** Whether the image service has an endpoint of its own. */
  readonly hasImageEndpoint: boolean
  text(key: string): string | undefined
  flag(key: string): boolean | undefined
  /** A list, or a text split at its commas. */
  list(key: string): readonly string[]
  /** The value of the first key that has one. @throws ConfigError naming where the keys were looked for */
  need(...keys: readonly string[]): string
  /** @throws ConfigError when it is missing or not an http or https URL */
  authUrl(): string
  /** An error about one key's value, naming where the value came from. */
  wrong(key: string, problem: string, hint?: string): Error
}

/** The user named by `user_id`, or by `username` and its domain. */
export function readUser(values: AuthValues): NamedInDomain {
  const id = values.text('user_id')
  if (id !== undefined) return { id }
  return { name: values.need('username', 'user_id'), domain: readDomain(values, 'user_domain') ?? defaultDomain }
}

export function readScope(values: AuthValues): Scope | undefined {
  if (values.flag('unscoped') === true) return 'unscoped'
  const id = values.text('project_id')
  if (id !== undefined) return { project: { id } }
  const name = values.text('project_name')
  if (name !== undefined) {
    const domain = readDomain(values, 'project_domain') ?? readDomain(values, 'user_domain') ?? defaultDomain
    return { project: { name, domain } }
  }
  const domain = readDomain(values, 'domain')
  if (domain) return { domain }
  return values.text('system_scope') === undefined ? undefined : { system: true }
}

/** The id of the domain that every Keystone is bootstrapped with. */
const defaultDomain: DomainRef = { id: 'default' }

function readDomain(values: AuthValues, prefix: string): DomainRef | undefined {
  const id = values.text(`${prefix}_id`)
  if (id !== undefined) return { id }
  const name = values.text(`${prefix}_name`)
  return name === undefined ? undefined : { name }
}
