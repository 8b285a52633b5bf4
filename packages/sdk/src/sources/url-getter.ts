import type { ResponseHeaders } from '../transport/response-headers.js'

/** One reading of an address. */
export interface UrlRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Longest silence before the reading ends in an error, in milliseconds; 0: none. */
  readonly idleTimeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** What an address answers, whatever its status. Read the body, or `cancel()` it. */
export interface UrlAnswer {
  readonly status: number
  /** Of the body as it is given: without a length where a content encoding was undone. */
  readonly headers: ResponseHeaders
  /** Where the answer came from, after redirects. */
  readonly url: URL
  readonly body: AsyncIterable<Uint8Array>
  /** Closes the connection. Safe twice, and after the body was read. */
  cancel(): Promise<void>
}

/**
 * GETs an address: redirects are followed, and credentials stay behind when one leads to another origin. Implementations:
 * undici (`node/`), `fetch` (`browser/`).
 * @throws ConnectionError, TimeoutError, AbortError; the body's iteration too
 */
export type UrlGetter = (url: URL, request: UrlRequest) => Promise<UrlAnswer>
