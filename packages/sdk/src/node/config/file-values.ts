import { ConfigError } from '../../errors/config-errors.js'
import type { Setting, Values } from '../../config/values.js'

/** A mapping of a configuration file, or undefined when it is absent. @throws ConfigError when it is something else */
export function mapping(value: unknown, what: string): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  throw new ConfigError(`${what} is not a mapping`)
}

/**
 * The values of one entry of a file. Dashes in keys become underscores (`normalize_keys` in openstack/config/_util.py).
 * `at` is the entry's own path in the file, e.g. `clouds.demo`.
 */
export function entryValues(entry: Readonly<Record<string, unknown>>, file: string, at: string): Values {
  const values = new Map<string, Setting>()
  const put = (key: string, value: unknown, path: string) =>
    values.set(key, { value, origin: { kind: 'file', file, key: path } })
  for (const [name, value] of Object.entries(entry)) {
    if (name === 'auth') {
      const auth = mapping(value, `${at}.auth in ${file}`) ?? {}
      for (const [key, inner] of Object.entries(auth)) put(`auth.${underscored(key)}`, inner, `${at}.auth.${key}`)
    } else {
      put(underscored(name), value, `${at}.${name}`)
    }
  }
  return values
}

function underscored(name: string): string {
  return name.replaceAll('-', '_')
}
