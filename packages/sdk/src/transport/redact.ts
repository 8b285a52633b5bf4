const hidden = 'REDACTED'
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/**
 * Parameters of OpenStack's own lists and transfers, whose values grant no access. An allow-list, because new ways to
 * sign a URL keep appearing.
 */
const shownParameters = words(`
  limit marker end_marker sort sort_key sort_dir reverse format prefix delimiter path multipart-manifest symlink
  bulk-delete name id status visibility member_status owner tag protected os_hidden disk_format container_format
  size_min size_max created_at updated_at checksum os_hash_algo os_hash_value min_disk min_ram domain_id nocatalog
`)
/** The allowed format of such a value; a URL within a URL may contain secrets. */
const plainValue = /^[\w.,:+ /-]{0,256}$/
const parameterName = /^[\w.-]{1,64}$/

/** Headers that describe the exchange and grant no access; URLs in them are shown as {@link redactUrl} returns them. */
const shownHeaders = words(`
  accept accept-encoding accept-ranges age allow cache-control connection date etag content-encoding
  content-length content-range content-type content-md5 expires host if-match if-modified-since if-none-match
  if-range if-unmodified-since last-modified openstack-image-import-methods openstack-image-store-ids range
  retry-after server te trailer transfer-encoding user-agent vary via x-compute-request-id x-openstack-request-id
  x-trans-id x-timestamp x-static-large-object x-object-manifest x-copy-from x-newest x-storage-policy
  x-image-meta-store x-delete-at x-delete-after x-backend-timestamp destination
`)
const urlHeaders = new Set(['location', 'content-location', 'referer'])
const shownCounts = /^x-(?:account|container)-(?:object|container|bytes)-(?:count|used)$/

/** The URL in a form that can be shown: no user, password or fragment, and only query values known to be harmless. */
export function redactUrl(url: URL | string): string {
  const copy = new URL(url)
  copy.username = ''
  copy.password = ''
  if (copy.hash !== '') copy.hash = hidden
  copy.pathname = copy.pathname.replaceAll(/;([\w.-]+)=[^/;]*/g, `;$1=${hidden}`)
  copy.search = copy.search.slice(1).split('&').map(redactParameter).join('&')
  return copy.href
}

function redactParameter(text: string): string {
  if (text === '') return ''
  const at = text.indexOf('=')
  const [name, value] = at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
  if (shownParameters.has(name) && (value === undefined || isPlain(value))) return text
  // A parameter without a name is a value.
  return value !== undefined && parameterName.test(name) ? `${name}=${hidden}` : hidden
}

function isPlain(value: string): boolean {
  const text = decoded(value)
  return text !== undefined && plainValue.test(text) && !text.includes('//')
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** Like {@link redactUrl}, for text that may not be a URL: shows only what cannot be a secret. Never throws. */
export function shownUrl(text: string, base?: URL): string {
  if (URL.canParse(text, base)) return redactUrl(new URL(text, base))
  if (!/[@?#&=]/.test(text)) return text.length > 200 ? `${text.slice(0, 200)}…` : text
  const [scheme = ''] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text) ?? []
  return `${scheme}… (not shown: it may hold a secret)`
}

/** Headers in a form that can be logged. */
export function redactHeaders(headers: Iterable<readonly [string, string]>): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    if (urlHeaders.has(key)) shown[name] = shownLocation(value)
    else shown[name] = shownHeaders.has(key) || shownCounts.test(key) ? value : hidden
  }
  return shown
}

/** A relative address stays relative. */
function shownLocation(value: string): string {
  const base = new URL('http://relative.invalid')
  const text = URL.canParse(value) ? shownUrl(value) : shownUrl(value, base)
  return text.startsWith(base.origin) ? text.slice(base.origin.length) : text
}
