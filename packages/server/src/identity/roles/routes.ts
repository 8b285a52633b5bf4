import { respondJson } from '../../http/respond.js'
import { couldNotFind } from '../errors.js'
import { collection, selfLink } from '../http/collection.js'
import { parameter, requireAdmin, type IdentityParts } from '../http/identity-context.js'
import { roles, type Role } from './roles.js'

/** `/v3/roles`, read only. */
export function mountRoles({ app, context }: IdentityParts): void {
  app.get('/v3/roles', (c) => {
    requireAdmin(c, 'list_roles')
    const name = c.req.query('name')
    const found = roles.filter((role) => name === undefined || role.name === name)
    return collection(
      c,
      'roles',
      found.map((role) => toWireRole(role, context.baseUrl())),
      context.baseUrl(),
    )
  })
  app.get('/v3/roles/:id', (c) => {
    requireAdmin(c, 'get_role')
    const id = parameter(c, 'id')
    const role = roles.find((each) => each.id === id)
    if (role === undefined) throw couldNotFind('role', id)
    return respondJson(c, { role: toWireRole(role, context.baseUrl()) })
  })
}

function toWireRole({ id, name }: Role, baseUrl: string): object {
  return { id, name, domain_id: null, description: null, options: {}, ...selfLink(baseUrl, `roles/${id}`) }
}
