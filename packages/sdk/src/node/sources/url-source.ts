import type { Source } from '../../sources/source.js'
import { type UrlOptions, urlSource } from '../../sources/url-source.js'
import { getUrl } from './get-url.js'

/**
 * The data behind an http or https address, as a source. Fetched by the proxy of the environment (`https_proxy`,
 * `no_proxy` and the like, as curl reads them).
 */
export function fromUrl(address: string | URL, options?: UrlOptions): Source {
  return urlSource(getUrl, address, options)
}
