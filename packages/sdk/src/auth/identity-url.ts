import { withoutLastSlashes } from '../catalog/service-root.js'
import { ConfigError } from '../errors/config-errors.js'
import { shownUrl } from '../transport/redact.js'

/** An auth URL with and without its version. */
export interface IdentityUrl {
  /** Without version and trailing slash, e.g. `https://h/identity`. */
  readonly root: string
  /** The v3 root, e.g. `https://h/identity/v3`. */
  readonly v3: string
}

/**
 * Takes an auth URL with or without `/v3`, a path before it, and a trailing slash.
 * @param where names, in messages, where the URL was configured
 */
export function identityUrl(authUrl: string, where?: string): IdentityUrl {
  if (!URL.canParse(authUrl) || !/^https?:$/.test(new URL(authUrl).protocol)) {
    const from = where === undefined ? '' : ` (${where})`
    // A host and a port, with or without a path.
    const isBare = /^[\w.-]+(:\d+)?(\/[^\s]*)?$|^\[[0-9a-f:.]+\](:\d+)?(\/[^\s]*)?$/i.test(authUrl)
    throw new ConfigError(`the auth URL${from} is not an http or https URL: ${JSON.stringify(shownUrl(authUrl))}`, {
      hint: isBare
        ? `write the scheme too: https://${authUrl}, or http:// where there is no TLS`
        : 'it looks like https://cloud.example.com:5000/v3',
    })
  }
  const url = new URL(authUrl)
  const path = withoutLastSlashes(url.pathname).replace(/\/auth\/tokens$/, '')
  const root = `${url.origin}${path.replace(/\/v(2\.0|3(\.\d+)?)$/, '')}`
  return { root, v3: `${root}/v3` }
}
