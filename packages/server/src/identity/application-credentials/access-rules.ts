import type { Caller } from '../../context.js'
import { objectAt, optionalStringAt, stringAt } from '../auth/fields.js'
import { invalidField } from '../errors.js'

/** One kind of request that an application credential is for. */
export interface AccessRule {
  readonly id: string
  /** A type of service in the catalogue. */
  readonly service: string
  /** Below the service's endpoint, with its version: `*` and `{name}` stand for one segment, `**` for any number. */
  readonly path: string
  readonly method: string
}

/** What a client asks for: a new rule, or one that it has by its id. */
export type WantedRule = Omit<AccessRule, 'id'> & { readonly id: string | undefined }

const methods: readonly string[] = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT']

/** A path of a rule is compared with that of a request in time that goes with both lengths. */
const mostPathCharacters = 4096
const longestRequestPath = 4096

/**
 * Reads `access_rules` (keystone/application_credential/schema.py). An entry with an id alone means a rule that is there.
 * @throws IdentityError 400
 */
export function readAccessRules(value: unknown): (WantedRule | { readonly id: string })[] {
  const at = 'application_credential/access_rules'
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw invalidField(at, "it is not of type 'array'")
  const rules = value.map((each: unknown) => readRule(each, at))
  const characters = rules.reduce((sum, rule) => sum + ('path' in rule ? rule.path.length : 0), 0)
  if (characters > mostPathCharacters)
    throw invalidField(at, `paths have at most ${mostPathCharacters} characters together`)
  return rules
}

function readRule(value: unknown, at: string): WantedRule | { readonly id: string } {
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

/**
 * Whether the caller's token is for this request (keystonemiddleware/auth_token/__init__.py `validate_allowed_request`): a
 * token of a credential with rules is for nothing else; to have itself validated it always may.
 * @param target path and query, below the service's prefix
 */
export function isWithinRules(caller: Caller, service: string, method: string, target: string): boolean {
  const { accessRules } = caller
  if (accessRules.length === 0) return true
  const path = canonicalPath(target)
  if (path === undefined) return false
  if (service === 'identity' && method === 'GET' && path.endsWith('/v3/auth/tokens')) return true
  return accessRules.some((rule) => rule.service === service && rule.method === method && matchesPath(path, rule.path))
}

/** As WSGI hands it on: decoded and quoted anew, so that no spelling of a path means another one. */
function canonicalPath(target: string): string | undefined {
  const [raw = ''] = target.split('?', 1)
  if (raw.length > longestRequestPath) return undefined
  try {
    return encodeURI(decodeURIComponent(raw)).replaceAll('?', '%3F').replaceAll('#', '%23')
  } catch {
    return undefined
  }
}

/** Whether a path fits a rule's pattern (`_path_matches`): every character is compared with all places that are reached. */
export function matchesPath(path: string, pattern: string): boolean {
  const steps = patternSteps(pattern)
  let reached = new Uint8Array(steps.length + 1)
  let next = new Uint8Array(steps.length + 1)
  reached[0] = 1
  for (let index = 0; index < path.length; index += 1) {
    skipEmpty(steps, reached)
    next.fill(0)
    const code = path.charCodeAt(index)
    for (let at = 0; at < steps.length; at += 1) {
      if (reached[at] === 0) continue
      const step = steps[at]
      if (step === anything || (step === segment && code !== slash)) next[at] = next[at + 1] = 1
      else if (step === code) next[at + 1] = 1
    }
    ;[reached, next] = [next, reached]
  }
  skipEmpty(steps, reached)
  return reached[steps.length] === 1
}

const slash = '/'.charCodeAt(0)
/** One or more characters but `/`. */
const segment = -1
const anything = -2

/** Characters by their code, wildcards by a number of their own. */
function patternSteps(pattern: string): Int32Array {
  const parts = pattern.match(/\{[^{}]*\}|\*\*|\*|[^*]/g) ?? []
  return Int32Array.from(parts, (part) => {
    if (part === '**') return anything
    return part === '*' || part.length > 1 ? segment : part.charCodeAt(0)
  })
}

/** `**` may stand for nothing. */
function skipEmpty(steps: Int32Array, reached: Uint8Array): void {
  for (let at = 0; at < steps.length; at += 1) if (reached[at] === 1 && steps[at] === anything) reached[at + 1] = 1
}
