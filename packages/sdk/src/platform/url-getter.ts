import type { ResponseHeaders } from '../errors/http-error.js'

/** One request for an address. */
export interface UrlRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Longest silence before reading fails, in milliseconds; 0: no limit. */
  readonly idleTimeoutMs: number
  /** As for a transport: `as-sent` for a file as published, e.g. `foo.img.gz` served with `Content-Encoding: gzip`. */
  readonly keepEncoding?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The response of an address, whatever its status. Read the body, or `cancel()` it. */
export interface UrlAnswer {
  readonly status: number
  /** The headers of the body as it is returned: without a length if a content encoding was decoded. */
  readonly headers: ResponseHeaders
  /**
   * The Content-Encoding that was decoded. `fetch` decodes all that it knows, so the published file is not available.
   */
  readonly undone?: string | undefined
  /** The URL of the response, after redirects. */
  readonly url: URL
  readonly body: AsyncIterable<Uint8Array>
  /** Closes the connection. Can be called twice, and after the body was read. */
  cancel(): Promise<void>
}

/**
 * GETs an address: redirects are followed, without credentials if they lead to another origin. Implementations: undici
 * (`node/`), `fetch` (`browser/`).
 * @throws ConnectionError, TimeoutError, AbortError; also while the body is iterated
 */
export type UrlGetter = (url: URL, request: UrlRequest) => Promise<UrlAnswer>
