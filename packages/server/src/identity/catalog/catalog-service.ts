import type { Caller } from '../../context.js'
import { requireReader } from '../access/policy.js'
import { couldNotFind, forbidden } from '../errors.js'
import { buildCatalog, endpointOf, interfaces, serviceEntries } from './catalog.js'

/** An entry with the fields that Keystone has for it, except its links. */
export type CatalogEntry = Readonly<Record<string, unknown>> & { readonly id: string }

/** The kinds of entries in the catalogue, by the names of their collections. */
export const catalogKinds = { services: 'service', endpoints: 'endpoint', regions: 'region' } as const
export type CatalogKind = keyof typeof catalogKinds

/** The services of the cloud and their endpoints and regions (keystone/api/services.py, endpoints.py, regions.py). */
export interface CatalogService {
  /** Lists the entries whose fields match the wanted ones. */
  list(caller: Caller, kind: CatalogKind, wanted: Readonly<Record<string, string>>): CatalogEntry[]
  get(caller: Caller, kind: CatalogKind, id: string): CatalogEntry
  /** The catalogue of the caller's token. @throws forbidden for an unscoped one */
  ofToken(caller: Caller): object[]
}

/** @param baseUrl the beginning of every endpoint's URL, known once the cloud listens */
export function createCatalogService(region: string, baseUrl: () => string): CatalogService {
  const entries: Readonly<Record<CatalogKind, () => CatalogEntry[]>> = {
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
  return {
    list(caller, kind, wanted) {
      if (kind !== 'regions') requireReader(caller, `list_${kind}`)
      return entries[kind]().filter((entry) => matches(entry, wanted))
    },
    get(caller, kind, id) {
      if (kind !== 'regions') requireReader(caller, `get_${catalogKinds[kind]}`)
      const found = entries[kind]().find((each) => each.id === id)
      if (found === undefined) throw couldNotFind(catalogKinds[kind], id)
      return found
    },
    ofToken({ projectId, domainId, roles }) {
      // keystone/api/auth.py `AuthCatalogResource`
      if (projectId === undefined && domainId === undefined && roles.length === 0) {
        throw forbidden('identity:get_auth_catalog')
      }
      return buildCatalog(baseUrl(), region, projectId)
    },
  }
}

/** A filter on a field that the entry does not have is ignored, as in Keystone. */
function matches(entry: CatalogEntry, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => !Object.hasOwn(entry, key) || entry[key] === value)
}
