import { respond, respondJson } from '../../http/respond.js'
import { jsonObject } from '../http/json-body.js'
import { collection, parameter, selfLink, type IdentityContext, type Site } from '../http/site.js'
import { readResource } from '../schema.js'
import { Refusal } from '../../refusal.js'
import type { CatalogChangeService } from './catalog-change-service.js'
import { catalogKinds, type CatalogEntry, type CatalogKind } from './catalog-entry.js'
import { entryUpdateSchemas, newEntrySchemas } from './catalog-schema.js'
import type { CatalogService } from './catalog-service.js'

/** `/v3/services`, `/v3/endpoints`, `/v3/regions` and `/v3/auth/catalog`. */
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

/** What creates, changes and removes `/v3/services`, `/v3/endpoints` and `/v3/regions`. */
export function mountCatalogChanges({ app, baseUrl }: Site, changes: CatalogChangeService): void {
  for (const kind of ['services', 'endpoints', 'regions'] as const) {
    const type = catalogKinds[kind]
    const one = (c: IdentityContext, entry: CatalogEntry, status: number) => {
      const region = kind === 'endpoints' ? { region: entry['region_id'] } : {}
      return respondJson(c, { [type]: { ...entry, ...region, ...selfLink(baseUrl(), `${kind}/${entry.id}`) } }, status)
    }
    app.post(`/v3/${kind}`, async (c) => {
      const fields = readResource(await jsonObject(c), type, newEntrySchemas[kind])
      return one(c, changes.create(c.get('caller'), kind, fields), 201)
    })
    app.patch(`/v3/${kind}/:id`, async (c) => {
      const fields = readResource(await jsonObject(c), type, entryUpdateSchemas[kind])
      return one(c, changes.update(c.get('caller'), kind, parameter(c, 'id'), fields), 200)
    })
    app.delete(`/v3/${kind}/:id`, (c) => {
      changes.remove(c.get('caller'), kind, parameter(c, 'id'))
      return respond(c, 204)
    })
    if (kind !== 'regions') continue
    app.put('/v3/regions/:id', async (c) => {
      const id = parameter(c, 'id')
      const fields = readResource(await jsonObject(c), type, newEntrySchemas.regions)
      const { id: given = id } = fields as { readonly id?: string }
      if (given !== id) throw new Refusal('invalid', `Conflicting region IDs specified: "${id}" != "${given}"`)
      return one(c, changes.create(c.get('caller'), kind, { ...fields, id }), 201)
    })
  }
}
