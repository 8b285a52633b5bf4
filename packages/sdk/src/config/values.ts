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
  const value = values.get(key)?.value
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'object' ? undefined : String(value)
}

/** For people: `OS_USERNAME`, `clouds.demo.auth.username in /etc/openstack/clouds.yaml`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'argument':
      return `the argument ${origin.name}`
    case 'env':
      return origin.name
    case 'file':
      return `${origin.key} in ${origin.file}`
    case 'default':
      return 'the default'
  }
}
