import type { IdentityContext } from './site.js'

/** A query parameter that is on when it is present, with any value but `0`. */
export function isOn(c: IdentityContext, name: string): boolean {
  const value = c.req.query(name)
  return value !== undefined && value !== '0'
}

/** The filter `enabled`; undefined: both. */
export function enabledFilter(c: IdentityContext): boolean | undefined {
  const value = c.req.query('enabled')
  if (value === undefined) return undefined
  return !['0', 'false', 'no', 'n', 'off'].includes(value.toLowerCase())
}
