import { defaultDomain } from '../domains/default-domain.js'
import { collection } from '../http/collection.js'
import { requireAdmin, type IdentityParts } from '../http/identity-context.js'
import { findRole } from '../roles/roles.js'
import type { Scope } from '../tokens/scope.js'
import type { Assignment } from './assignment-repository.js'

/** `/v3/role_assignments`, read only, with its filters by user, role and scope, and `include_names`. */
export function mountAssignments({ app, directory, context }: IdentityParts): void {
  app.get('/v3/role_assignments', (c) => {
    requireAdmin(c, 'list_role_assignments')
    const wanted = {
      user: c.req.query('user.id'),
      role: c.req.query('role.id'),
      project: c.req.query('scope.project.id'),
      domain: c.req.query('scope.domain.id'),
    }
    const withNames = c.req.query('include_names') !== undefined && c.req.query('include_names') !== 'false'
    const matches = ({ userId, role, scope }: Assignment) =>
      (wanted.user ?? userId) === userId &&
      (wanted.role ?? findRole(role)?.id) === findRole(role)?.id &&
      (wanted.project === undefined || (scope.kind === 'project' && scope.projectId === wanted.project)) &&
      (wanted.domain === undefined || (scope.kind === 'domain' && wanted.domain === defaultDomain.id))
    const nameOf = (found: { readonly name: string } | undefined, domain?: object) =>
      withNames && found !== undefined ? { name: found.name, ...(domain !== undefined && { domain }) } : {}
    const target = (scope: Scope) => {
      if (scope.kind !== 'project')
        return scope.kind === 'domain' ? { domain: domainRef(withNames) } : { system: { all: true } }
      const project = directory.projects.find(scope.projectId)
      return { project: { id: scope.projectId, ...nameOf(project, defaultDomain) } }
    }
    const items = directory.assignments
      .list()
      .filter(matches)
      .map(({ userId, role, scope }) => ({
        user: { id: userId, ...nameOf(directory.users.find(userId), defaultDomain) },
        role: { id: findRole(role)?.id, ...nameOf(findRole(role)) },
        scope: target(scope),
        links: { assignment: `${context.baseUrl()}/identity/v3/role_assignments` },
      }))
    return collection(c, 'role_assignments', items, context.baseUrl())
  })
}

function domainRef(withNames: boolean): object {
  return withNames ? defaultDomain : { id: defaultDomain.id }
}
