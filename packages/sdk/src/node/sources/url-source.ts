import type { Source } from '../../sources/source.js'
import { type UrlOptions, urlSource } from '../../sources/url-source.js'
import { getUrl } from './get-url.js'

/**
 * The data at an http or https address, as a source. Fetched through the proxy of the environment (`https_proxy`,
 * `no_proxy` and the like, read as curl does).
 */
export function fromUrl(address: string | URL, options?: UrlOptions): Source {
  return urlSource(getUrl, address, options)
}
