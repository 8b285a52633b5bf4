import type { Source } from '../../sources/source.js'
import { type UrlOptions, urlSource } from '../../sources/url-source.js'
import { getUrl } from './get-url.js'

/** The data behind an http or https address, as a source. */
export function fromUrl(address: string | URL, options?: UrlOptions): Source {
  return urlSource(getUrl, address, options)
}
