import type { AccessRule } from '../../http/access-rules.js'
import { objectAt, optionalStringAt, stringAt } from '../fields.js'
import { invalidField } from '../errors.js'

/** A rule that a client requests; it is created unless the user already has the same rule. */
export type WantedRule = Omit<AccessRule, 'id'> & { readonly id: string | undefined }
/** An existing rule, by its id. */
export interface RuleReference {
  readonly id: string
}

const methods: readonly string[] = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']

/** Limited because matching time grows with the rules and the request's path (limited in `http/access-rules.ts`). */
const mostPathCharacters = 4096

/**
 * Reads `access_rules` (keystone/application_credential/schema.py). An entry with only an id refers to an existing
 * rule.
 * @throws Refusal invalid
 */
export function readAccessRules(value: unknown): (WantedRule | RuleReference)[] {
  const at = 'application_credential/access_rules'
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw invalidField(at, "it is not of type 'array'")
  const rules = value.map((each: unknown) => readRule(each, at))
  const characters = rules.reduce((sum, rule) => sum + ('path' in rule ? rule.path.length : 0), 0)
  if (characters > mostPathCharacters)
    throw invalidField(at, `paths have at most ${mostPathCharacters} characters together`)
  return rules
}

function readRule(value: unknown, at: string): WantedRule | RuleReference {
  const fields = objectAt(value, at)
  const id = optionalStringAt(fields, 'id', at)
  if (id !== undefined && !isWord(id)) throw invalidField(`${at}/id`, 'it has 1 to 64 letters, digits and hyphens')
  const isReference = !['service', 'path', 'method'].some((key) => fields[key] !== undefined)
  if (id !== undefined && isReference) return { id }
  const service = stringAt(fields, 'service', at)
  const path = stringAt(fields, 'path', at)
  const method = stringAt(fields, 'method', at)
  if (!isWord(service)) throw invalidField(`${at}/service`, 'it has 1 to 64 letters, digits and hyphens')
  if (!path.startsWith('/') || path.length > 225)
    throw invalidField(`${at}/path`, 'it begins with / and has at most 225')
  if (!methods.includes(method)) throw invalidField(`${at}/method`, `it is none of ${methods.join(', ')}`)
  return { id, service, path, method }
}

function isWord(text: string): boolean {
  return text.length <= 64 && /^[a-zA-Z0-9-]+$/.test(text)
}
