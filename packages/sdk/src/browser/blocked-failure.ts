import { ConnectionError } from '../errors/connection-errors.js'
import type { TyraxError } from '../errors/tyrax-error.js'
import { type Attempted, connectFailure } from '../transport/connection-failure.js'
import { redactUrl } from '../transport/redact.js'

/** The messages of `fetch` in Chromium, Firefox and Safari for a request that got no response. They name no cause. */
const silent = /failed to fetch|networkerror|load failed/i

/**
 * The error for a request without a response. Browsers do not tell pages whether they blocked it or the network failed,
 * so the hint names what may have blocked it.
 * @param known origins whose responses this page has read: a failure there may be temporary, so `reason` is `reset`
 */
export function blockedFailure(error: unknown, attempted: Attempted, known?: ReadonlySet<string>): TyraxError {
  const failure = connectFailure(error, attempted)
  if (!(failure instanceof ConnectionError) || failure.reason !== 'unknown') return failure
  if (!(error instanceof TypeError) || !silent.test(error.message)) return failure
  const { url, method } = attempted
  return new ConnectionError(
    `${url.host} cannot be reached, or the browser blocked the request (${error.message})`,
    { reason: known?.has(url.origin) ? 'reset' : 'unknown', method, url: redactUrl(url), hint: blockedHint(url) },
    { cause: error },
  )
}

function blockedHint(url: URL): string {
  const page = globalThis.location as Location | undefined
  if (page?.protocol === 'https:' && url.protocol === 'http:') {
    return `mixed content: this page is https, and browsers block its requests to ${url.origin}; use an https URL`
  }
  const origin = page?.origin ?? "the page's origin"
  return (
    `CORS: if the browser's console says so, allow ${origin} on the server: allowed_origin in [cors] of keystone.conf and ` +
    `glance-api.conf, cors_allow_origin in Swift's proxy-server.conf, or tyrax serve --cors ${page?.origin ?? '<origin>'}; ` +
    'otherwise check the address, the certificate and the network'
  )
}
