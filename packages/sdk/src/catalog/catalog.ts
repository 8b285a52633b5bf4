/** The service catalogue of a token, as Keystone v3 returns it. */
export type Catalog = readonly CatalogService[]

/** A service of the catalogue, with its endpoints. */
export interface CatalogService {
  readonly type: string
  readonly name: string | undefined
  readonly endpoints: readonly CatalogEndpoint[]
}

/** One address of a service, for a region and an interface. */
export interface CatalogEndpoint {
  readonly interface: string
  readonly region: string | undefined
  readonly url: string
}

/** Reads a catalogue from a token's JSON; entries that are not endpoints are left out. */
export function parseCatalog(value: unknown): Catalog {
  return list(value).map((service) => ({
    type: text(service['type']) ?? '',
    name: text(service['name']),
    endpoints: list(service['endpoints']).flatMap((endpoint) => {
      const url = text(endpoint['url'])
      if (!url) return []
      return [
        {
          interface: text(endpoint['interface']) ?? 'public',
          region: text(endpoint['region_id']) ?? text(endpoint['region']),
          url,
        },
      ]
    }),
  }))
}

function list(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return []
  return value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
