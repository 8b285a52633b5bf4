import { respondJson } from '../../http/respond.js'
import { defaultDomain } from '../domains/default-domain.js'
import { couldNotFind } from '../errors.js'
import { collection, selfLink } from '../http/collection.js'
import { parameter, requireAdmin, requireSelf, type IdentityParts } from '../http/identity-context.js'
import type { UserRecord } from './user-repository.js'

/** `/v3/users`, read only. */
export function mountUsers({ app, directory, context }: IdentityParts): void {
  app.get('/v3/users', (c) => {
    requireAdmin(c, 'list_users')
    const domain = c.req.query('domain_id') ?? defaultDomain.id
    const users = domain === defaultDomain.id ? directory.users.list(c.req.query('name')) : []
    return collection(
      c,
      'users',
      users.map((each) => toWireUser(each, context.baseUrl())),
      context.baseUrl(),
    )
  })
  app.get('/v3/users/:id', (c) => {
    const id = parameter(c, 'id')
    requireSelf(c, id, 'get_user')
    const user = directory.users.find(id)
    if (user === undefined) throw couldNotFind('user', id)
    return respondJson(c, { user: toWireUser(user, context.baseUrl()) })
  })
}

function toWireUser({ id, name }: UserRecord, baseUrl: string): object {
  return {
    id,
    name,
    domain_id: defaultDomain.id,
    enabled: true,
    password_expires_at: null,
    options: {},
    ...selfLink(baseUrl, `users/${id}`),
  }
}
