const secretQuery =
  /^(temp_url_sig|signature|sig|token|x-amz-(signature|credential|security-token)|awsaccesskeyid|password|key)$/i
const secretHeaders = new Set([
  'x-auth-token',
  'x-subject-token',
  'x-storage-token',
  'x-service-token',
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-account-meta-temp-url-key',
  'x-container-meta-temp-url-key',
])

/** The URL without credentials: user, password, and query values that sign or open a request. */
export function redactUrl(url: URL | string): string {
  const copy = new URL(url)
  if (copy.username) copy.username = ''
  if (copy.password) copy.password = ''
  for (const name of new Set(copy.searchParams.keys())) {
    if (secretQuery.test(name)) copy.searchParams.set(name, 'REDACTED')
  }
  return copy.href
}

/** Headers fit for a log. */
export function redactHeaders(headers: Iterable<readonly [string, string]>): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of headers) shown[name] = secretHeaders.has(name.toLowerCase()) ? 'REDACTED' : value
  return shown
}
