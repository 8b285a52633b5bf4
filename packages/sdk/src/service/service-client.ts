import type { ServiceResponse } from '../http/service-response.js'
import type { Source } from '../sources/source.js'
import type { RetryPolicy } from '../retry/policies.js'
import type { Timeouts, WholeBodies } from '../transport/transport.js'

/** Query parameters in the order they are sent; repeated names stay repeated. */
export type Query = readonly (readonly [name: string, value: string])[]

/** One call to a service of the catalogue. */
export interface ServiceRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'COPY'
  /** Below the service's versioned root, with each segment encoded: use the `path` tag. */
  readonly path: string
  readonly query?: Query | undefined
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON, with `contentType` if it is set. */
  readonly json?: unknown
  readonly contentType?: string | undefined
  /** Sent as bytes. It is opened again for every attempt, so a request is repeated only if it is `replayable`. */
  readonly body?: Source | undefined
  /** Called with every chunk of `body` that is sent: hashing, progress, limits. `onAttempt` precedes each attempt. */
  readonly onAttempt?: ((attempt: number) => void) | undefined
  readonly onChunk?: ((chunk: Uint8Array) => void | Promise<void>) | undefined
  /** Statuses outside 2xx that are not errors for this request. */
  readonly accept?: readonly number[] | undefined
  readonly retry?: Partial<RetryPolicy> | undefined
  readonly timeouts?: Partial<Timeouts> | undefined
  /** The Content-Encoding of the stored bytes, as for a transport. @default none */
  readonly keepEncoding?: string | undefined
  /** The response's body is read through `gather` of the platform, as for a transport. @default false */
  readonly isGathered?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * One service (image, object-store) of a cloud: finds the endpoint, authenticates, retries, and turns error statuses
 * into the classes of `errors/`.
 */
export interface ServiceClient {
  /**
   * Sends a request with a token, in as many attempts as its policy allows.
   * @throws HttpError for a status outside 2xx and `accept`, ConnectionError, TimeoutError, AbortError
   */
  request(request: ServiceRequest): Promise<ServiceResponse>
  /** The versioned root that paths are appended to, without a trailing slash, e.g. `https://h/image/v2`. */
  endpoint(): Promise<string>
  /** The transport's requirements for bodies. @default undefined: it sends them as they are read */
  readonly wholeBodies?: WholeBodies | undefined
}
