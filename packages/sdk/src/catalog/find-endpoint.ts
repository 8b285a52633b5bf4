import { EndpointNotFoundError } from '../errors/config-errors.js'
import type { Catalog, CatalogEndpoint } from './catalog.js'

/** Selects an endpoint of a catalogue. */
export interface EndpointQuery {
  readonly serviceTypes: readonly string[]
  /** Absent: the first region that has the service. */
  readonly region: string | undefined
  /** In order of preference. */
  readonly interfaces: readonly string[]
}

/** @throws EndpointNotFoundError listing what the catalogue has instead */
export function findEndpoint(catalog: Catalog, query: EndpointQuery): string {
  const found = bestEndpoint(catalog, query)
  if (found) return found.url
  throw notFound(catalog, query)
}

/** The region of the endpoint that {@link findEndpoint} finds; undefined when there is none, or it has no region. */
export function findRegion(catalog: Catalog, query: EndpointQuery): string | undefined {
  return bestEndpoint(catalog, query)?.region
}

function bestEndpoint(catalog: Catalog, query: EndpointQuery): CatalogEndpoint | undefined {
  const services = catalog.filter((service) => query.serviceTypes.includes(service.type))
  const endpoints = services
    .flatMap((service) => service.endpoints)
    .filter((endpoint) => query.region === undefined || endpoint.region === query.region)
  for (const name of query.interfaces) {
    const found = endpoints.find((endpoint) => canonicalInterface(endpoint.interface) === name)
    if (found) return found
  }
  return undefined
}

/** `publicURL`, the spelling of older configurations, is `public`. */
export function canonicalInterface(name: string): string {
  return name.toLowerCase().replace(/url$/, '')
}

function notFound(catalog: Catalog, query: EndpointQuery): EndpointNotFoundError {
  const [type = ''] = query.serviceTypes
  const where = query.region === undefined ? '' : ` in region ${query.region}`
  const wanted = `no ${query.interfaces.join(' or ')} endpoint of the ${type} service${where}`
  if (catalog.length === 0) {
    return new EndpointNotFoundError(`${wanted}: the token has no catalogue`, {
      hint: 'an unscoped token has none: name a project, or set the endpoint override of the service',
    })
  }
  const same = catalog.filter((service) => query.serviceTypes.includes(service.type))
  if (same.length === 0) {
    const types = catalog.map((service) => service.type).join(', ')
    return new EndpointNotFoundError(`${wanted}: the catalogue has ${types}`, {
      hint: `this cloud lists no ${type} service for this project`,
    })
  }
  const has = same.flatMap((service) => service.endpoints.map((at) => `${at.interface} in ${at.region ?? 'no region'}`))
  return new EndpointNotFoundError(`${wanted}: the catalogue has ${has.join(', ') || 'none at all'}`, {
    hint: 'set region_name (OS_REGION_NAME) and interface (OS_INTERFACE) to one of these',
  })
}
