import { respondJson } from '../../http/respond.js'
import { collection, parameter, selfLink, type Site } from '../http/site.js'
import type { RoleService } from './role-service.js'
import type { Role } from './roles.js'

/** `/v3/roles`, read only. */
export function mountRoles({ app, baseUrl }: Site, roles: RoleService): void {
  app.get('/v3/roles', (c) => {
    const found = roles.list(c.get('caller'), c.req.query('name'))
    return collection(
      c,
      'roles',
      found.map((role) => toWireRole(role, baseUrl())),
      baseUrl(),
    )
  })
  app.get('/v3/roles/:id', (c) =>
    respondJson(c, { role: toWireRole(roles.get(c.get('caller'), parameter(c, 'id')), baseUrl()) }),
  )
}

function toWireRole({ id, name }: Role, baseUrl: string): object {
  return { id, name, domain_id: null, description: null, options: {}, ...selfLink(baseUrl, `roles/${id}`) }
}
