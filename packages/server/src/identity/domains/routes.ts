import { respondJson } from '../../http/respond.js'
import { collection, parameter, selfLink, type IdentityContext, type Site } from '../http/site.js'
import type { DomainService } from './domain-service.js'

interface Domain {
  readonly id: string
  readonly name: string
}

/** `/v3/domains` and `/v3/auth/domains`, read only. */
export function mountDomains({ app, baseUrl }: Site, domains: DomainService): void {
  const list = (c: IdentityContext, found: readonly Domain[]) =>
    collection(
      c,
      'domains',
      found.map((each) => toWireDomain(each, baseUrl())),
      baseUrl(),
    )
  app.get('/v3/domains', (c) => list(c, domains.list(c.get('caller'), c.req.query('name'))))
  app.get('/v3/domains/:id', (c) =>
    respondJson(c, { domain: toWireDomain(domains.get(c.get('caller'), parameter(c, 'id')), baseUrl()) }),
  )
  app.get('/v3/auth/domains', (c) => list(c, domains.listOwn(c.get('caller'))))
}

function toWireDomain({ id, name }: Domain, baseUrl: string): object {
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
