/** One line of the versions document. */
export interface ApiVersion {
  readonly id: string
  readonly status: 'CURRENT' | 'SUPPORTED'
  readonly links: readonly { readonly rel: 'self'; readonly href: string }[]
}

/**
 * The API versions a Glance without an image cache tells of, newest of each group first as it lists them
 * (glance/api/versions.py `Controller.index`). Routes exist whatever is told here.
 */
export function advertisedVersions(hasStores: boolean): readonly string[] {
  const stores = hasStores ? ['2.13', '2.12', '2.11', '2.10', '2.9', '2.8'] : ['2.9']
  return ['2.15', ...stores, '2.17', '2.7', '2.6', '2.5', '2.4', '2.3', '2.2', '2.1', '2.0']
}

/** The versions document's lines for a service at `serviceUrl`. */
export function versionList(serviceUrl: string, versions: readonly string[]): ApiVersion[] {
  return versions.map((version) => ({
    id: `v${version}`,
    status: version === '2.17' ? 'CURRENT' : 'SUPPORTED',
    links: [{ rel: 'self', href: `${serviceUrl}/v2/` }],
  }))
}
