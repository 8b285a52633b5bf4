/**
 * The links of a page of a list, path-absolute as in Glance. Both keep only the last value of a repeated parameter
 * (`dict(request.params)` in glance/api/v2/images.py `ResponseSerializer.index`), which clients must cope with.
 */
export function pageLinks(
  parameters: URLSearchParams,
  nextMarker: string | undefined,
  path = '/v2/images',
): { first: string; next?: string } {
  const kept = new Map(parameters)
  kept.delete('marker')
  const first = withQuery(path, kept)
  if (nextMarker === undefined) return { first }
  return { first, next: withQuery(path, kept.set('marker', nextMarker)) }
}

function withQuery(path: string, parameters: ReadonlyMap<string, string>): string {
  const query = [...parameters].map(([key, value]) => `${quotePlus(key)}=${quotePlus(value)}`).join('&')
  return query === '' ? path : `${path}?${query}`
}

/** Python's `urllib.parse.quote_plus`. */
function quotePlus(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}
