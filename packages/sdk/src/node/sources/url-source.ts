import type { Source } from '../../sources/source.js'
import { type UrlOptions, urlSource } from '../../sources/url-source.js'
import { getUrl } from './get-url.js'

/** What an http or https address gives: see {@link urlSource}. By the proxy of the environment (`https_proxy`, `no_proxy` and the like, as curl reads them). */
export function fromUrl(address: string | URL, options?: UrlOptions): Source {
  return urlSource(getUrl, address, options)
}
