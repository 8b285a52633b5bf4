import { respondJson } from '../../http/respond.js'
import { Refusal } from '../../refusal.js'
import { defaultDomain } from '../domains/default-domain.js'
import { isOn } from '../http/query.js'
import { collection, type IdentityContext, type Site } from '../http/site.js'
import type { AssignmentFilter, AssignmentService, NamedAssignment } from './assignment-service.js'

/** `/v3/role_assignments` and `/v3/auth/system`. */
export function mountAssignments({ app, baseUrl }: Site, assignments: AssignmentService): void {
  app.get('/v3/role_assignments', (c) => {
    const found = assignments.list(c.get('caller'), readFilter(c))
    const withNames = isOn(c, 'include_names')
    return collection(
      c,
      'role_assignments',
      found.map((each) => toWireAssignment(each, withNames, `${baseUrl()}/identity/v3`)),
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

/** @throws Refusal invalid for two places or holders at once */
function readFilter(c: IdentityContext): AssignmentFilter {
  const query = c.req.query()
  const project = query['scope.project.id']
  const domain = query['scope.domain.id']
  const system = query['scope.system']
  if (project && domain) throw new Refusal('invalid', 'Specify a domain or project, not both')
  if (system && domain) throw new Refusal('invalid', 'Specify system or domain, not both')
  if (system && project) throw new Refusal('invalid', 'Specify system or project, not both')
  if (isOn(c, 'include_subtree') && !project) {
    throw new Refusal('invalid', "'scope.project.id' is a dependency of 'include_subtree'")
  }
  const [user, group] = [query['user.id'], query['group.id']]
  if (user && group) throw new Refusal('invalid', 'Specify user or group, not both')
  const isEffective = isOn(c, 'effective')
  if (isEffective && group) {
    throw new Refusal('invalid', 'Combining effective and group filter will always result in an empty list.')
  }
  return {
    user,
    group,
    role: query['role.id'],
    project,
    domain,
    isOfSystem: system === 'all',
    isEffective,
  }
}

function toWireAssignment(assignment: NamedAssignment, withNames: boolean, root: string): object {
  const { actorId, user, group, role, impliedBy, scope, project } = assignment
  const nameOf = (found: { readonly name: string } | undefined, domain?: object) =>
    withNames && found !== undefined ? { name: found.name, ...(domain !== undefined && { domain }) } : {}
  const target = () => {
    if (scope.kind === 'project') return { project: { id: scope.projectId, ...nameOf(project, defaultDomain) } }
    if (scope.kind === 'domain') return { domain: withNames ? defaultDomain : { id: defaultDomain.id } }
    return { system: { all: true } }
  }
  const place = () => {
    if (scope.kind === 'project') return `projects/${scope.projectId}`
    return scope.kind === 'domain' ? `domains/${defaultDomain.id}` : 'system'
  }
  /** Whether a user has the role because it is in a group that does. */
  const isByGroup = group !== undefined && group.id !== actorId
  const holder = group === undefined ? `users/${actorId}` : `groups/${group.id}`
  return {
    links: {
      assignment: `${root}/${place()}/${holder}/roles/${(impliedBy ?? role).id}`,
      ...(isByGroup && { membership: `${root}/groups/${group.id}/users/${actorId}` }),
      // The two roles are the wrong way round in the original, too.
      ...(impliedBy !== undefined && { prior_role: `${root}/prior_role/${role.id}/implies/${impliedBy.id}` }),
    },
    scope: target(),
    ...(group !== undefined && !isByGroup
      ? { group: { id: actorId, ...nameOf(group, defaultDomain) } }
      : { user: { id: actorId, ...nameOf(user, defaultDomain) } }),
    role: { id: role.id, ...nameOf(role) },
  }
}
