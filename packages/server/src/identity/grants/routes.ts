import { respond } from '../../http/respond.js'
import { collection, parameter, type IdentityContext, type Site } from '../http/site.js'
import { toWireRole } from '../roles/role-wire.js'
import type { Grant, GrantPlace, GrantService } from './grant-service.js'

/** `…/users/{user}/roles`, `…/users/{user}/roles/{role}`, and those of groups, below a project, a domain and the system. */
export function mountGrants({ app, baseUrl }: Site, grants: GrantService): void {
  const branches = places.flatMap((place) => (['user', 'group'] as const).map((kind) => [...place, kind] as const))
  for (const [path, placeOf, kind] of branches) {
    const granteeOf = (c: IdentityContext) => ({ kind, id: parameter(c, 'grantee') })
    const all = `/v3/${path}/${kind}s/:grantee/roles`
    app.get(all, (c) => {
      const found = grants.list(c.get('caller'), placeOf(c), granteeOf(c))
      return collection(
        c,
        'roles',
        found.map((role) => toWireRole(role, baseUrl())),
        baseUrl(),
      )
    })
    const grantOf = (c: IdentityContext): Grant => ({
      place: placeOf(c),
      grantee: granteeOf(c),
      roleId: parameter(c, 'role'),
    })
    const one = `${all}/:role`
    // HEAD is GET without a body.
    app.get(one, (c) => {
      grants.check(c.get('caller'), grantOf(c))
      return respond(c, 204)
    })
    app.put(one, (c) => {
      grants.create(c.get('caller'), grantOf(c))
      return respond(c, 204)
    })
    app.delete(one, (c) => {
      grants.remove(c.get('caller'), grantOf(c))
      return respond(c, 204)
    })
  }
}

const places: readonly (readonly [path: string, placeOf: (c: IdentityContext) => GrantPlace])[] = [
  ['projects/:place', (c) => ({ kind: 'project', id: parameter(c, 'place') })],
  ['domains/:place', (c) => ({ kind: 'domain', id: parameter(c, 'place') })],
  ['system', () => ({ kind: 'system' })],
]
