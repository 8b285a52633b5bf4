import { respondJson } from '../../http/respond.js'
import { collection, parameter, selfLink, type Site } from '../http/site.js'
import { catalogKinds, type CatalogEntry, type CatalogKind, type CatalogService } from './catalog-service.js'

/** `/v3/services`, `/v3/endpoints`, `/v3/regions` and `/v3/auth/catalog`, read only. */
export function mountCatalog({ app, baseUrl }: Site, catalog: CatalogService): void {
  const render = (kind: CatalogKind, entry: CatalogEntry) => ({
    ...entry,
    ...selfLink(baseUrl(), `${kind}/${entry.id}`),
  })
  for (const kind of ['services', 'endpoints', 'regions'] as const) {
    app.get(`/v3/${kind}`, (c) => {
      const found = catalog.list(c.get('caller'), kind, c.req.query())
      return collection(
        c,
        kind,
        found.map((each) => render(kind, each)),
        baseUrl(),
      )
    })
    app.get(`/v3/${kind}/:id`, (c) =>
      respondJson(c, { [catalogKinds[kind]]: render(kind, catalog.get(c.get('caller'), kind, parameter(c, 'id'))) }),
    )
  }
  app.get('/v3/auth/catalog', (c) =>
    respondJson(c, {
      catalog: catalog.ofToken(c.get('caller')),
      links: { self: `${baseUrl()}/identity/v3/auth/catalog` },
    }),
  )
}
