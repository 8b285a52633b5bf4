import type { ResponseHeaders } from '../errors/http-error.js'

/** The limits of one HTTP exchange, in milliseconds. None of them limits a whole transfer; 0 disables a limit. */
export interface Timeouts {
  /** Time to a connected socket, TLS included. @default 10_000 */
  readonly connectTimeoutMs: number
  /** Time from the last byte sent to the first header received. @default 60_000 */
  readonly headersTimeoutMs: number
  /** Longest silence while a body is transferred, in either direction. @default 60_000 */
  readonly idleTimeoutMs: number
  /**
   * Time for the whole body of a response other than image or object data: lists, records, tokens. It applies however
   * slowly the body arrives. @default 300_000
   */
  readonly responseTimeoutMs: number
}

/** A body that is sent as it is read. With `size`, Content-Length is sent, and a body of another length is an error. */
export interface StreamBody {
  readonly stream: AsyncIterable<Uint8Array>
  readonly size?: number | undefined
  /** The same bytes in one piece, if available without reading them. For transports that cannot send anything else. */
  readonly blob?: ((signal?: AbortSignal) => Promise<Blob>) | undefined
}

/** The transport cannot send a body while it is read: every body has to be complete first. */
export interface WholeBodies {
  /** Data that is not in a Blob or File is collected before it is sent, up to this number of bytes. */
  readonly maxBufferedBytes: number
}

/** One HTTP request as a transport sends it: no retry, no redirect, no authentication. */
export interface TransportRequest {
  readonly method: string
  readonly url: URL
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | StreamBody | undefined
  readonly timeouts: Omit<Timeouts, 'responseTimeoutMs'>
  /**
   * The Content-Encoding of the stored bytes, such as `gzip`, which is left on the response's body; `as-sent`: any
   * encoding is left. Other encodings were added on the way, and are decoded.
   * @default none
   */
  readonly keepEncoding?: string | undefined
  /**
   * The response's body is read through `gather` of the platform, which gives its memory back: it may arrive in memory
   * that is used again, and that threads read.
   * @default false
   */
  readonly isGathered?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** The response, as soon as its headers have arrived. */
export interface TransportResponse {
  readonly status: number
  /** The headers of the body as it is returned: without encoding and length if an encoding was decoded. */
  readonly headers: ResponseHeaders
  /** The Content-Encoding that was decoded, even if not requested: `fetch` decodes every encoding that it knows. */
  readonly undone?: string | undefined
  /** The bytes of the body, to be read once. Leaving the iteration early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>
}

/**
 * Sends requests over the network. Implementations: undici (`node/`), `fetch` (`browser/`).
 * A failure to reach the server, or to read its response, is a `ConnectionError` or `TimeoutError`; any HTTP status is
 * a response. A response that arrives while the body is still being sent is returned, not lost.
 */
export interface Transport {
  /** Holds on to at most the last two chunks of a body, so older memory may be reused. @default false: keeps more */
  readonly reuse?: boolean | undefined
  /** @default undefined: it sends bodies as they are read */
  readonly wholeBodies?: WholeBodies | undefined
  /** Sends one request and returns when the headers of its response have arrived. */
  send(request: TransportRequest): Promise<TransportResponse>
  /** Closes all connections. */
  close(): Promise<void>
}

/** The default limits. None of them limits a whole transfer. */
export const defaultTimeouts: Timeouts = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  responseTimeoutMs: 300_000,
}
