import { respondJson } from '../../http/respond.js'
import { couldNotFind } from '../errors.js'
import { collection, selfLink } from '../http/collection.js'
import { parameter, requireAdmin, type IdentityParts } from '../http/identity-context.js'
import { defaultDomain } from './default-domain.js'

/** `/v3/domains`, read only. */
export function mountDomains({ app, context }: IdentityParts): void {
  app.get('/v3/domains', (c) => {
    requireAdmin(c, 'list_domains')
    const name = c.req.query('name') ?? defaultDomain.name
    const domains = name === defaultDomain.name ? [toWireDomain(defaultDomain, context.baseUrl())] : []
    return collection(c, 'domains', domains, context.baseUrl())
  })
  app.get('/v3/domains/:id', (c) => {
    const id = parameter(c, 'id')
    if (id !== defaultDomain.id) {
      requireAdmin(c, 'get_domain')
      throw couldNotFind('domain', id)
    }
    return respondJson(c, { domain: toWireDomain(defaultDomain, context.baseUrl()) })
  })
}

export function toWireDomain({ id, name }: { readonly id: string; readonly name: string }, baseUrl: string): object {
  return {
    id,
    name,
    description: 'The default domain',
    enabled: true,
    tags: [],
    options: {},
    ...selfLink(baseUrl, `domains/${id}`),
  }
}
