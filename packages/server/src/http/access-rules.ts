/** One kind of request that an application credential allows. */
export interface AccessRule {
  readonly id: string
  /** A type of service in the catalogue. */
  readonly service: string
  /**
   * The path below the service's endpoint, with its version: `*` and `{name}` match one path segment, `**` any number.
   */
  readonly path: string
  readonly method: string
}

/** Limited because matching time grows with the path and the rule; `mostPathCharacters` limits the rules. */
const longestRequestPath = 4096

/**
 * Whether these rules allow a request (keystonemiddleware/auth_token/__init__.py `validate_allowed_request`). A token
 * with rules allows only the requests that match one, and always its own validation.
 * @param target path and query, below the service's prefix
 */
export function isWithinRules(
  accessRules: readonly AccessRule[],
  service: string,
  method: string,
  target: string,
): boolean {
  if (accessRules.length === 0) return true
  const path = canonicalPath(target)
  if (path === undefined) return false
  if (service === 'identity' && method === 'GET' && path.endsWith('/v3/auth/tokens')) return true
  return accessRules.some((rule) => rule.service === service && rule.method === method && matchesPath(path, rule.path))
}

/** The path as WSGI passes it on: decoded and quoted again, so that all spellings of a path are the same. */
function canonicalPath(target: string): string | undefined {
  const [raw = ''] = target.split('?', 1)
  if (raw.length > longestRequestPath) return undefined
  try {
    return encodeURI(decodeURIComponent(raw)).replaceAll('?', '%3F').replaceAll('#', '%23')
  } catch {
    return undefined
  }
}

/**
 * Whether a path matches a rule's pattern (`_path_matches`). Tracks all reachable positions, so it never backtracks.
 */
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

/** The pattern as numbers: the code of each character, and a negative number for a wildcard. */
function patternSteps(pattern: string): Int32Array {
  const parts = pattern.match(/\{[^{}]*\}|\*\*|\*|[^*]/g) ?? []
  return Int32Array.from(parts, (part) => {
    if (part === '**') return anything
    return part === '*' || part.length > 1 ? segment : part.charCodeAt(0)
  })
}

/** `**` also matches nothing. */
function skipEmpty(steps: Int32Array, reached: Uint8Array): void {
  for (let at = 0; at < steps.length; at += 1) if (reached[at] === 1 && steps[at] === anything) reached[at + 1] = 1
}
