import { respond, respondJson } from '../../http/respond.js'
import { jsonObject } from '../http/json-body.js'
import { collection, parameter, type IdentityContext, type Site } from '../http/site.js'
import { readResource } from '../schema.js'
import { newRoleSchema, roleUpdateSchema } from './role-schema.js'
import type { RoleService } from './role-service.js'
import { toWireRole } from './role-wire.js'

/** `/v3/roles`. */
export function mountRoles({ app, baseUrl }: Site, roles: RoleService): void {
  const one = (c: IdentityContext, role: ReturnType<RoleService['get']>, status = 200) =>
    respondJson(c, { role: toWireRole(role, baseUrl()) }, status)

  app.get('/v3/roles', (c) => {
    const found = roles.list(c.get('caller'), c.req.query('name'))
    return collection(
      c,
      'roles',
      found.map((role) => toWireRole(role, baseUrl())),
      baseUrl(),
    )
  })
  app.post('/v3/roles', async (c) => {
    const fields = readResource(await jsonObject(c), 'role', newRoleSchema)
    return one(c, roles.create(c.get('caller'), fields), 201)
  })
  app.get('/v3/roles/:id', (c) => one(c, roles.get(c.get('caller'), parameter(c, 'id'))))
  app.patch('/v3/roles/:id', async (c) => {
    const fields = readResource(await jsonObject(c), 'role', roleUpdateSchema)
    return one(c, roles.update(c.get('caller'), parameter(c, 'id'), fields))
  })
  app.delete('/v3/roles/:id', (c) => {
    roles.remove(c.get('caller'), parameter(c, 'id'))
    return respond(c, 204)
  })
}
