/** One entry of the versions document. */
export interface ApiVersion {
  readonly id: string
  readonly status: 'CURRENT' | 'SUPPORTED'
  readonly links: readonly { readonly rel: 'self'; readonly href: string }[]
}

/**
 * The API versions that a Glance advertises, the current one first where it has an image cache, in its order
 * (glance/api/versions.py `Controller.index`). Routes exist even if their version is not advertised here.
 */
export function advertisedVersions({ hasStores, hasCache }: Advertised): readonly string[] {
  const stores = hasStores ? ['2.13', '2.12', '2.11', '2.10', '2.9', '2.8'] : ['2.9']
  const oldest = ['2.7', '2.6', '2.5', '2.4', '2.3', '2.2', '2.1', '2.0']
  if (hasCache) return ['2.18', '2.17', '2.16', '2.15', '2.14', ...stores, ...oldest]
  return ['2.15', ...stores, '2.17', ...oldest]
}

interface Advertised {
  readonly hasStores: boolean
  readonly hasCache: boolean
}

/** The entries of the versions document for a service at `serviceUrl`. */
export function versionList(serviceUrl: string, versions: readonly string[]): ApiVersion[] {
  const current = versions.includes('2.18') ? '2.18' : '2.17'
  return versions.map((version) => ({
    id: `v${version}`,
    status: version === current ? 'CURRENT' : 'SUPPORTED',
    links: [{ rel: 'self', href: `${serviceUrl}/v2/` }],
  }))
}
