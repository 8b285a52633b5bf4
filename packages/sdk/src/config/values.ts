import { ConfigError } from '../errors/config-errors.js'

/** Where a value of the configuration came from. */
export type Origin =
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly file: string; readonly key: string }
  | { readonly kind: 'default' }

/** One value and its origin. */
export interface Setting {
  readonly value: unknown
  readonly origin: Origin
}

/**
 * A flat configuration under openstacksdk's names: `region_name`, `image_endpoint_override`, and what belongs to the
 * authentication as `auth.username`, `auth.auth_url`, ….
 */
export type Values = ReadonlyMap<string, Setting>

/**
 * A flat configuration under openstacksdk's names: `region_name`, `image_endpoint_override`, and for the login
 * `auth.username`, `auth.auth_url`, ….
 */
export function mergeValues(...layers: readonly Values[]): Values {
  return new Map(layers.flatMap((layer) => [...layer]))
}

/** A value as text; undefined when it is absent, null or empty. @throws ConfigError for a list or a mapping */
export function textOf(values: Values, key: string): string | undefined {
  const setting = values.get(key)
  if (typeof setting?.value === 'object' && setting.value !== null) {
    const what = Array.isArray(setting.value) ? 'a list' : 'a mapping'
    throw new ConfigError(`${key.replace(/^auth\./, '')} (${describeOrigin(setting.origin)}) is ${what}, not text`, {
      hint: 'text that begins with { or [ needs quotes',
    })
  }
  return asText(setting?.value)
}

/**
 * A boolean value, in YAML 1.1's spellings or as in variables (1, 0); undefined when it is absent, null or empty.
 * @throws ConfigError for anything else
 */
export function flagOf(values: Values, key: string): boolean | undefined {
  const text = textOf(values, key)
  if (text === undefined) return undefined
  if (/^(true|yes|on|1)$/i.test(text)) return true
  if (/^(false|no|off|0)$/i.test(text)) return false
  const setting = values.get(key)
  const where = setting ? ` (${describeOrigin(setting.origin)})` : ''
  throw new ConfigError(`${key.replace(/^auth\./, '')}${where} is neither true nor false`, {
    hint: key === 'verify' ? 'set cacert to a file with the authorities to trust' : undefined,
  })
}

/** A scalar as text; undefined for null, undefined, and anything that is not a scalar. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : undefined
}

/** A list, or a text split at its commas. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value)
    ? value
    : (asText(value)
        ?.split(',')
        .map((part) => part.trim()) ?? [])
}

/** A readable description: `OS_USERNAME`, `clouds.demo.auth.username in /etc/openstack/clouds.yaml`. */
export function describeOrigin(origin: Origin): string {
  if (origin.kind === 'argument') return `the argument ${origin.name}`
  if (origin.kind === 'env') return origin.name
  return origin.kind === 'file' ? `${origin.key} in ${origin.file}` : 'the default'
}
