import { respondJson } from '../../http/respond.js'
import { defaultDomain } from '../domains/default-domain.js'
import { collection, type Site } from '../http/site.js'
import type { AssignmentService, NamedAssignment } from './assignment-service.js'

/** `/v3/role_assignments`, with its filters by user, role and scope and `include_names`, and `/v3/auth/system`. */
export function mountAssignments({ app, baseUrl }: Site, assignments: AssignmentService): void {
  app.get('/v3/role_assignments', (c) => {
    const query = c.req.query()
    const found = assignments.list(c.get('caller'), {
      user: query['user.id'],
      role: query['role.id'],
      project: query['scope.project.id'],
      domain: query['scope.domain.id'],
    })
    const withNames = query['include_names'] !== undefined && query['include_names'] !== 'false'
    const links = { assignment: `${baseUrl()}/identity/v3/role_assignments` }
    return collection(
      c,
      'role_assignments',
      found.map((each) => ({ ...toWireAssignment(each, withNames), links })),
      baseUrl(),
    )
  })
  app.get('/v3/auth/system', (c) =>
    respondJson(c, {
      system: assignments.isInSystem(c.get('caller')) ? [{ all: true }] : [],
      links: { self: `${baseUrl()}/identity/v3/auth/system` },
    }),
  )
}

function toWireAssignment({ userId, user, role, scope, project }: NamedAssignment, withNames: boolean): object {
  const nameOf = (found: { readonly name: string } | undefined, domain?: object) =>
    withNames && found !== undefined ? { name: found.name, ...(domain !== undefined && { domain }) } : {}
  const target = () => {
    if (scope.kind === 'project') return { project: { id: scope.projectId, ...nameOf(project, defaultDomain) } }
    if (scope.kind === 'domain') return { domain: withNames ? defaultDomain : { id: defaultDomain.id } }
    return { system: { all: true } }
  }
  return {
    user: { id: userId, ...nameOf(user, defaultDomain) },
    role: { id: role?.id, ...nameOf(role) },
    scope: target(),
  }
}
