import type { ServiceResponse } from '../http/service-response.js'
import type { Source } from '../sources/source.js'
import type { RetryPolicy } from '../retry/policies.js'
import type { Timeouts, WholeBodies } from '../transport/transport.js'

/** Query parameters in the order they are sent; repeated names stay repeated. */
export type Query = readonly (readonly [name: string, value: string])[]

/** One call to a service of the catalogue. */
export interface ServiceRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'COPY'
  /** Below the service's versioned root, each segment encoded: use the `path` tag. */
  readonly path: string
  readonly query?: Query | undefined
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON, with `contentType` if given. */
  readonly json?: unknown
  readonly contentType?: string | undefined
  /** Sent as bytes; opened anew for every attempt, so an attempt is repeated only when `body.replayable`. */
  readonly body?: Source | undefined
  /** Called with every chunk of `body` as it is sent: hashing, progress, limits. `onAttempt` comes before each attempt. */
  readonly onAttempt?: ((attempt: number) => void) | undefined
  readonly onChunk?: ((chunk: Uint8Array) => void | Promise<void>) | undefined
  /** Statuses that are answers here, not errors, beside 2xx. */
  readonly accept?: readonly number[] | undefined
  readonly retry?: Partial<RetryPolicy> | undefined
  readonly timeouts?: Partial<Timeouts> | undefined
  /** The Content-Encoding that the stored bytes have, as for a transport. @default none */
  readonly keepEncoding?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * One service (image, object-store) of a cloud: finds the endpoint, authenticates, retries, turns error statuses
 * into the tree of `errors/`.
 */
export interface ServiceClient {
  /**
   * Sends a request, with a token and as many attempts as its policy allows.
   * @throws HttpError for a status outside 2xx and `accept`, ConnectionError, TimeoutError, AbortError
   */
  request(request: ServiceRequest): Promise<ServiceResponse>
  /** The versioned root that paths are added to, without a trailing slash, e.g. `https://h/image/v2`. */
  endpoint(): Promise<string>
  /** What the transport wants of bodies. @default undefined: it sends them as they are read */
  readonly wholeBodies?: WholeBodies | undefined
}
