/** A user or project, by id, or by name within a domain. */
export type NamedInDomain = { readonly id: string } | { readonly name: string; readonly domain: DomainRef }

/** A domain, by id or by name. */
export type DomainRef = { readonly id: string } | { readonly name: string }

/** What a token is for. Absent: the server chooses, either unscoped or the user's default project. */
export type Scope =
  | { readonly project: NamedInDomain }
  | { readonly domain: DomainRef }
  | { readonly system: true }
  | 'unscoped'

/** A user or project as it is written in requests to Keystone. */
export function wireNamed(named: NamedInDomain): object {
  return 'id' in named ? { id: named.id } : { name: named.name, domain: named.domain }
}

/** `auth.scope` of a request for a token. */
export function wireScope(scope: Scope): unknown {
  if (scope === 'unscoped') return 'unscoped'
  if ('project' in scope) return { project: wireNamed(scope.project) }
  if ('domain' in scope) return { domain: scope.domain }
  return { system: { all: true } }
}
