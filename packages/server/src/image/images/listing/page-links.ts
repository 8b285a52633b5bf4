/**
 * The links of a page of images, path-absolute as in Glance. Both keep only the last value of a repeated parameter
 * (`dict(request.params)` in glance/api/v2/images.py `ResponseSerializer.index`), which clients must cope with.
 */
export function pageLinks(
  parameters: URLSearchParams,
  nextMarker: string | undefined,
): { first: string; next?: string } {
  const kept = new Map(parameters)
  kept.delete('marker')
  const first = withQuery(kept)
  if (nextMarker === undefined) return { first }
  return { first, next: withQuery(kept.set('marker', nextMarker)) }
}

function withQuery(parameters: ReadonlyMap<string, string>): string {
  const query = [...parameters].map(([key, value]) => `${quotePlus(key)}=${quotePlus(value)}`).join('&')
  return query === '' ? '/v2/images' : `/v2/images?${query}`
}

/** Python's `urllib.parse.quote_plus`. */
function quotePlus(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}
