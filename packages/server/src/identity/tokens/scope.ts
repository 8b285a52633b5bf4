/** The scope of a token or a role assignment. */
export type Scope =
  | { readonly kind: 'unscoped' }
  | { readonly kind: 'project'; readonly projectId: string }
  | { readonly kind: 'domain' }
  | { readonly kind: 'system' }

/** The scope as one word, as it is stored. */
export function scopeKey(scope: Scope): string {
  return scope.kind === 'project' ? `project:${scope.projectId}` : scope.kind
}

export function parseScopeKey(key: string): Scope {
  const [kind = '', projectId = ''] = key.split(':')
  if (kind === 'project') return { kind, projectId }
  if (kind === 'domain' || kind === 'system') return { kind }
  return { kind: 'unscoped' }
}
