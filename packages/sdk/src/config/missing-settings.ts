import { ConfigError } from '../errors/config-errors.js'
import { describeOrigin, type Values } from './values.js'

/** How messages refer to a configuration, and where its values are looked for. */
export interface Subject {
  /** `the cloud demo`, `the environment`, `the options of connect`. */
  readonly name: string
  /** `/home/a/clouds.yaml`, `OS_* variables`. */
  readonly searched: readonly string[]
  /** How to set a key, e.g. `clouds.demo.auth.password in clouds.yaml, or OS_PASSWORD`. */
  readonly howToSet: (key: string) => string
}

/** The error for a configuration that exists but lacks a required value. Any one of `keys` would be sufficient. */
export function missingError(subject: Subject, values: Values, keys: readonly string[]): ConfigError {
  const present = [...values].filter(([, setting]) => setting.origin.kind !== 'default')
  const has = present
    .slice(0, 8)
    .map(([key, setting]) => `${key.replace(/^auth\./, '')} (${describeOrigin(setting.origin)})`)
  const more = present.length > 8 ? ` and ${present.length - 8} more` : ''
  const there = has.length > 0 ? `; it has ${has.join(', ')}${more}` : ''
  const looked = subject.searched.length > 0 ? `; looked in ${subject.searched.join(', ')}` : ''
  return new ConfigError(`${subject.name} has no ${keys.join(' or ')}${there}${looked}`, {
    hint: `set ${subject.howToSet(keys[0] ?? '')}`,
    missing: keys,
  })
}
