import { respondJson } from '../../http/respond.js'
import { defaultDomain } from '../domains/default-domain.js'
import { collection, parameter, selfLink, type Site } from '../http/site.js'
import type { UserService } from './user-service.js'

/** `/v3/users`, read only. */
export function mountUsers({ app, baseUrl }: Site, users: UserService): void {
  app.get('/v3/users', (c) => {
    const { name, domain_id: domainId } = c.req.query()
    const found = users.list(c.get('caller'), { name, domainId })
    return collection(
      c,
      'users',
      found.map((each) => toWireUser(each, baseUrl())),
      baseUrl(),
    )
  })
  app.get('/v3/users/:id', (c) =>
    respondJson(c, { user: toWireUser(users.get(c.get('caller'), parameter(c, 'id')), baseUrl()) }),
  )
}

function toWireUser({ id, name }: { readonly id: string; readonly name: string }, baseUrl: string): object {
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
