import { readAccessRules, type RuleReference, type WantedRule } from '../access-rules/wanted-rules.js'
import { couldNotComply, invalidField } from '../errors.js'
import { objectAt, optionalStringAt, stringAt } from '../fields.js'
import { readMoment } from '../wire-time.js'

/** The application credential that a client requests. */
export interface NewApplicationCredential {
  readonly name: string
  readonly description: string | null
  /** Undefined: the server generates one. */
  readonly secret: string | undefined
  /** Ids or names of roles; empty: the roles of the token. */
  readonly roles: readonly string[]
  /** Milliseconds since 1970, the microseconds as a fraction; null: never. */
  readonly expiresAt: number | null
  readonly unrestricted: boolean
  readonly accessRules: readonly (WantedRule | RuleReference)[]
}

const path = 'application_credential'

/**
 * Reads the body of a create request (keystone/application_credential/schema.py).
 * @throws Refusal invalid
 */
export function readNewApplicationCredential(body: Readonly<Record<string, unknown>>): NewApplicationCredential {
  const fields = objectAt(body[path], path)
  const secret = optionalStringAt(fields, 'secret', path)
  const name = stringAt(fields, 'name', path)
  if (name === '' || name.length > 255) throw invalidField(`${path}/name`, 'a name has 1 to 255 characters')
  const unrestricted = fields['unrestricted'] ?? false
  if (typeof unrestricted !== 'boolean') throw invalidField(`${path}/unrestricted`, "it is not of type 'boolean'")
  return {
    name,
    description: optionalStringAt(fields, 'description', path) ?? null,
    secret,
    roles: readRoles(fields['roles']),
    expiresAt: readTime(optionalStringAt(fields, 'expires_at', path)),
    unrestricted,
    accessRules: readAccessRules(fields['access_rules']),
  }
}

function readRoles(value: unknown): string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw invalidField(`${path}/roles`, 'a list is needed')
  return value.map((each: unknown) => {
    const role = objectAt(each, `${path}/roles`)
    return String(role['id'] ?? role['name'])
  })
}

function readTime(text: string | undefined): number | null {
  if (text === undefined) return null
  const time = readMoment(text)
  if (time === undefined) throw couldNotComply('Timestamp not in expected format.')
  return time
}
