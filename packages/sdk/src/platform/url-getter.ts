import type { ResponseHeaders } from '../errors/http-error.js'

/** One reading of an address. */
export interface UrlRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Longest silence before the reading ends in an error, in milliseconds; 0: none. */
  readonly idleTimeoutMs: number
  /** As for a transport: `as-sent` for a file as it was published, `foo.img.gz` served with `Content-Encoding: gzip`. */
  readonly keepEncoding?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** What an address answers, whatever its status. Read the body, or `cancel()` it. */
export interface UrlAnswer {
  readonly status: number
  /** Of the body as it is given: without a length where a content encoding was undone. */
  readonly headers: ResponseHeaders
  /** The Content-Encoding that has been undone. `fetch` undoes all that it knows, and the file as published cannot be had. */
  readonly undone?: string | undefined
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
