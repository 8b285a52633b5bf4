import { ConfigError } from '../errors/config-errors.js'
import { withoutLastSlashes } from '../transport/last-slashes.js'
import { shownUrl } from '../transport/redact.js'

/** An auth URL with and without its version. */
export interface IdentityUrl {
  /** Without version and trailing slash, e.g. `https://h/identity`. */
  readonly root: string
  /** The v3 root, e.g. `https://h/identity/v3`. */
  readonly v3: string
}

/** Takes an auth URL with or without `/v3`, with a path before it or not, with or without a trailing slash. */
export function identityUrl(authUrl: string): IdentityUrl {
  if (!URL.canParse(authUrl) || !/^https?:$/.test(new URL(authUrl).protocol)) {
    throw new ConfigError(`the auth URL is not an http or https URL: ${JSON.stringify(shownUrl(authUrl))}`, {
      hint: 'it looks like https://cloud.example.com:5000/v3',
    })
  }
  const url = new URL(authUrl)
  const path = withoutLastSlashes(url.pathname).replace(/\/auth\/tokens$/, '')
  const root = `${url.origin}${path.replace(/\/v(2\.0|3(\.\d+)?)$/, '')}`
  return { root, v3: `${root}/v3` }
}
