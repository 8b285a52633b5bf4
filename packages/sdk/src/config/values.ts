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

/** Later layers win, key by key: what openstacksdk does for `auth`, and for the rest (`_auth_update` in config/loader.py). */
export function mergeValues(...layers: readonly Values[]): Values {
  return new Map(layers.flatMap((layer) => [...layer]))
}

/** A value as text; undefined where it is absent, null or empty. */
export function textOf(values: Values, key: string): string | undefined {
  return asText(values.get(key)?.value)
}

/** A scalar as text; undefined for null, nothing, and what is no scalar. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : undefined
}

/** A list, or the parts between the commas of a text. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value)
    ? value
    : (asText(value)
        ?.split(',')
        .map((part) => part.trim()) ?? [])
}

/** For people: `OS_USERNAME`, `clouds.demo.auth.username in /etc/openstack/clouds.yaml`. */
export function describeOrigin(origin: Origin): string {
  if (origin.kind === 'argument') return `the argument ${origin.name}`
  if (origin.kind === 'env') return origin.name
  return origin.kind === 'file' ? `${origin.key} in ${origin.file}` : 'the default'
}
