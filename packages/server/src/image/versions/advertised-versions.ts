/** One entry of the versions document. */
export interface ApiVersion {
  readonly id: string
  readonly status: 'CURRENT' | 'SUPPORTED'
  readonly links: readonly { readonly rel: 'self'; readonly href: string }[]
}

/**
 * The API versions that a Glance without an image cache advertises, in its order (glance/api/versions.py
 * `Controller.index`). Routes exist whatever is advertised here.
 */
export function advertisedVersions(hasStores: boolean): readonly string[] {
  const stores = hasStores ? ['2.13', '2.12', '2.11', '2.10', '2.9', '2.8'] : ['2.9']
  return ['2.15', ...stores, '2.17', '2.7', '2.6', '2.5', '2.4', '2.3', '2.2', '2.1', '2.0']
}

/** The entries of the versions document for a service at `serviceUrl`. */
export function versionList(serviceUrl: string, versions: readonly string[]): ApiVersion[] {
  return versions.map((version) => ({
    id: `v${version}`,
    status: version === '2.17' ? 'CURRENT' : 'SUPPORTED',
    links: [{ rel: 'self', href: `${serviceUrl}/v2/` }],
  }))
}
