import { stableId } from '../stable-id.js'

/** A service of the cloud, at devstack's paths. */
export interface ServiceEntry {
  readonly id: string
  readonly type: string
  readonly name: string
  /** The endpoint's path; undefined when the service needs a project and the token has none. */
  readonly path: (projectId: string | undefined) => string | undefined
}

export const serviceEntries: readonly ServiceEntry[] = [
  { type: 'identity', name: 'keystone', path: () => '/identity/v3' },
  { type: 'image', name: 'glance', path: () => '/image' },
  {
    type: 'object-store',
    name: 'swift',
    path: (projectId: string | undefined) =>
      projectId === undefined ? undefined : `/object-store/v1/AUTH_${projectId}`,
  },
].map((service) => ({ ...service, id: stableId('service', service.type) }))

export const interfaces = ['public', 'internal', 'admin'] as const

/** What every cloud has in the `catalog` of a token. Without a project, endpoints that need one are left out, as in Keystone. */
export function buildCatalog(baseUrl: string, region: string, projectId: string | undefined) {
  return serviceEntries.map(({ id, type, name, path }) => {
    const at = path(projectId)
    const endpoints = at === undefined ? [] : interfaces.map((each) => endpointOf(type, each, region, baseUrl + at))
    return { id, type, name, endpoints }
  })
}

export function endpointOf(type: string, face: string, region: string, url: string) {
  return { id: stableId('endpoint', type, face), interface: face, region_id: region, region, url }
}
