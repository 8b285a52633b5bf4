import type { ResponseHeaders } from '../errors/http-error.js'

/** The limits of one HTTP exchange, in milliseconds. None of them bounds a whole transfer; 0 switches one off. */
export interface Timeouts {
  /** Time to a connected socket, TLS included. @default 10_000 */
  readonly connectTimeoutMs: number
  /** Time from the last byte sent to the first header received. @default 60_000 */
  readonly headersTimeoutMs: number
  /** Longest silence while a body moves, in either direction. @default 60_000 */
  readonly idleTimeoutMs: number
  /**
   * Time for the whole body of a response that is not data of an image or object: lists, records, tokens. However
   * slowly it trickles, it ends. @default 300_000
   */
  readonly responseTimeoutMs: number
}

/** A body that is sent as it is read. With `size`, Content-Length is sent and a body of any other length is an error. */
export interface StreamBody {
  readonly stream: AsyncIterable<Uint8Array>
  readonly size?: number | undefined
  /** The same bytes in one piece, where they need not be read for it. For transports that send nothing else. */
  readonly blob?: ((signal?: AbortSignal) => Promise<Blob>) | undefined
}

/** A transport cannot send a body while it is read: every one has to be there as a whole. */
export interface WholeBodies {
  /** Data that is in no Blob or File is collected before it is sent, up to this many bytes. */
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
   * The Content-Encoding that belongs to what is stored, such as `gzip`, and is left on the body of the answer;
   * `as-sent`: whatever there is. Any other was put on under way, and is undone.
   * @default none
   */
  readonly keepEncoding?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The response, as soon as its headers have arrived. */
export interface TransportResponse {
  readonly status: number
  /** Of the body as it is handed out: without encoding and length where an encoding was undone. */
  readonly headers: ResponseHeaders
  /** The Content-Encoding that has been undone, wanted or not: `fetch` undoes all that it knows. */
  readonly undone?: string | undefined
  /** The body's bytes, once. Leaving the iteration early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>
}

/**
 * The way to the network. Implementations: undici (`node/`), `fetch` (`browser/`).
 * A failure to reach the server, or to read its answer, is a `ConnectionError` or `TimeoutError`;
 * any HTTP status is an answer. An answer that arrives while the body is still being sent is returned, not lost.
 */
export interface Transport {
  /** Done with a chunk of a body when it asks for the next but one. @default false: it may keep them for longer */
  readonly reuse?: boolean | undefined
  /** @default undefined: it sends bodies as they are read */
  readonly wholeBodies?: WholeBodies | undefined
  /** Sends one request and returns when the headers of its response are there. */
  send(request: TransportRequest): Promise<TransportResponse>
  /** Closes all connections. */
  close(): Promise<void>
}

/** The default limits. None of them bounds a whole transfer. */
export const defaultTimeouts: Timeouts = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  responseTimeoutMs: 300_000,
}
