import { respondJson } from '../../http/respond.js'
import type { Context } from 'hono'
import { couldNotFind } from '../errors.js'
import { collection, selfLink } from '../http/collection.js'
import { parameter, requireAdmin, type IdentityParts } from '../http/identity-context.js'
import { endpointOf, interfaces, serviceEntries } from './catalog.js'

/** `/v3/services`, `/v3/endpoints` and `/v3/regions`, read only. */
export function mountCatalog({ app, context }: IdentityParts): void {
  const { region } = context.config
  const services = () =>
    serviceEntries.map(({ id, type, name }) => ({
      id,
      type,
      name,
      enabled: true,
      description: '',
      ...selfLink(context.baseUrl(), `services/${id}`),
    }))
  const endpoints = () =>
    serviceEntries.flatMap(({ id: service_id, type, path }) =>
      interfaces.map((face) => {
        const url = `${context.baseUrl()}${path('%(project_id)s') ?? ''}`
        const endpoint = endpointOf(type, face, region, url)
        return { ...endpoint, service_id, enabled: true, ...selfLink(context.baseUrl(), `endpoints/${endpoint.id}`) }
      }),
    )
  const regions = () => [
    { id: region, description: '', parent_region_id: null, ...selfLink(context.baseUrl(), `regions/${region}`) },
  ]
  const mount = (plural: string, singular: string, all: () => readonly (object & { readonly id: string })[]) => {
    app.get(`/v3/${plural}`, (c) => {
      if (plural !== 'regions') requireAdmin(c, `list_${plural}`)
      return collection(c, plural, all().filter(matchesQuery(c)), context.baseUrl())
    })
    app.get(`/v3/${plural}/:id`, (c) => {
      if (plural !== 'regions') requireAdmin(c, `get_${singular}`)
      const id = parameter(c, 'id')
      const found = all().find((each) => each.id === id)
      if (found === undefined) throw couldNotFind(singular, id)
      return respondJson(c, { [singular]: found })
    })
  }
  mount('services', 'service', services)
  mount('endpoints', 'endpoint', endpoints)
  mount('regions', 'region', regions)
}

/** Keystone's list filters: the item's own fields, compared for equality. */
function matchesQuery(c: Context): (item: object) => boolean {
  const wanted = Object.entries(c.req.query())
  return (item) => {
    const fields = new Map<string, unknown>(Object.entries(item))
    return wanted.every(([key, value]) => !fields.has(key) || fields.get(key) === value)
  }
}
