import type { Caller } from '../../context.js'
import { requireReader } from '../access/policy.js'
import { couldNotFind, forbidden } from '../errors.js'
import { buildCatalog, endpointOf, interfaces, serviceEntries } from './catalog.js'
import { catalogKinds, type CatalogEntry, type CatalogKind } from './catalog-entry.js'
import type { CatalogRepository } from './catalog-repository.js'
import { endpointUrl, type UrlValues } from './endpoint-url.js'

/** The services of the cloud and their endpoints and regions (keystone/api/services.py, endpoints.py, regions.py). */
export interface CatalogService {
  /** Lists the entries whose fields match the wanted ones. */
  list(caller: Caller, kind: CatalogKind, wanted: Readonly<Record<string, string>>): CatalogEntry[]
  get(caller: Caller, kind: CatalogKind, id: string): CatalogEntry
  /** All entries, those that every cloud has first. */
  readonly entries: (kind: CatalogKind) => CatalogEntry[]
  /** The `catalog` of a token with a scope. */
  forToken(values: UrlValues): object[]
  /** The catalogue of the caller's token. @throws forbidden for an unscoped one */
  ofToken(caller: Caller): object[]
}

/** @param baseUrl the beginning of the built-in endpoints' URLs, known once the cloud listens */
export function createCatalogService(
  region: string,
  baseUrl: () => string,
  created: CatalogRepository,
): CatalogService {
  const builtIn: Readonly<Record<CatalogKind, () => CatalogEntry[]>> = {
    services: () => serviceEntries.map(({ id, type, name }) => ({ id, type, name, enabled: true, description: '' })),
    endpoints: () =>
      serviceEntries.flatMap(({ id: service_id, type, path }) =>
        interfaces.map((face) => {
          const url = `${baseUrl()}${path('%(project_id)s') ?? ''}`
          return { ...endpointOf(type, face, region, url), service_id, enabled: true }
        }),
      ),
    regions: () => [{ id: region, description: '', parent_region_id: null }],
  }
  const entries = (kind: CatalogKind) => [...builtIn[kind](), ...created.list(kind).map(toEntry)]
  /** The enabled endpoints that requests gave a service, as the token's catalogue has them. */
  const endpointsOf = (serviceId: string, values: UrlValues): object[] =>
    created.list('endpoints').flatMap(({ service_id, enabled, url: template, ...endpoint }) => {
      const url = service_id === serviceId && enabled === true ? endpointUrl(String(template), values) : undefined
      return url === undefined ? [] : [{ ...endpoint, region: endpoint['region_id'], url }]
    })
  const forToken = (values: UrlValues): object[] => [
    ...buildCatalog(baseUrl(), region, values.projectId).map((service) => ({
      ...service,
      endpoints: [...service.endpoints, ...endpointsOf(service.id, values)],
    })),
    ...created
      .list('services')
      .filter(({ enabled }) => enabled === true)
      .map(({ id, type, name }) => ({ id, type, name, endpoints: endpointsOf(id, values) })),
  ]
  return {
    entries,
    forToken,
    list(caller, kind, wanted) {
      if (kind !== 'regions') requireReader(caller, `list_${kind}`)
      return entries(kind).filter((entry) => matches(entry, wanted))
    },
    get(caller, kind, id) {
      if (kind !== 'regions') requireReader(caller, `get_${catalogKinds[kind]}`)
      const found = entries(kind).find((each) => each.id === id)
      if (found === undefined) throw couldNotFind(catalogKinds[kind], id)
      return found
    },
    ofToken({ projectId, domainId, userId, roles }) {
      // keystone/api/auth.py `AuthCatalogResource`
      if (projectId === undefined && domainId === undefined && roles.length === 0) {
        throw forbidden('identity:get_auth_catalog')
      }
      return forToken({ projectId, userId })
    },
  }
}

/** An endpoint names its region twice. */
function toEntry(entry: CatalogEntry): CatalogEntry {
  return 'region_id' in entry ? { ...entry, region: entry['region_id'] } : entry
}

/** A filter on a field that the entry does not have is ignored, as in Keystone. */
function matches(entry: CatalogEntry, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => !Object.hasOwn(entry, key) || entry[key] === value)
}
