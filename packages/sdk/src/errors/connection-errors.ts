import { TyraxError } from './tyrax-error.js'

/** No complete response: DNS, refused, TLS, reset, a truncated response. `reason` tells which. */
export class ConnectionError extends TyraxError {
  override readonly name: string = 'ConnectionError'
  readonly reason: 'dns' | 'refused' | 'tls' | 'proxy' | 'reset' | 'truncated' | 'unknown'
  readonly method: string
  readonly url: string

  constructor(
    message: string,
    details: { reason: ConnectionError['reason']; method: string; url: string; hint?: string | undefined },
    options?: ErrorOptions,
  ) {
    super(message, { ...options, hint: details.hint })
    this.reason = details.reason
    this.method = details.method
    this.url = details.url
  }
}

/** No data was transferred for longer than the named limit. */
export class TimeoutError extends TyraxError {
  override readonly name: string = 'TimeoutError'
  readonly limit: 'connect' | 'headers' | 'idle' | 'response' | 'login' | 'deadline'
  readonly timeoutMs: number

  constructor(
    message: string,
    details: { limit: TimeoutError['limit']; timeoutMs: number; hint?: string | undefined },
    options?: ErrorOptions,
  ) {
    super(message, { ...options, hint: details.hint })
    this.limit = details.limit
    this.timeoutMs = details.timeoutMs
  }
}

/** The caller's signal aborted the call. */
export class AbortError extends TyraxError {
  override readonly name: string = 'AbortError'
}

/** The cloud was closed, before the call or while it ran. */
export class CloudClosedError extends TyraxError {
  override readonly name: string = 'CloudClosedError'

  constructor(options?: ErrorOptions) {
    super('the cloud has been closed', options)
  }
}

/** A successful response with an unusable body: HTML, truncated JSON, nothing. */
export class MalformedResponseError extends TyraxError {
  override readonly name: string = 'MalformedResponseError'
  readonly status: number
  declare readonly requestId: string | undefined
  readonly method: string
  readonly url: string

  constructor(
    message: string,
    details: { status: number; requestId: string | undefined; method: string; url: string },
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.status = details.status
    if (details.requestId !== undefined) this.requestId = details.requestId
    this.method = details.method
    this.url = details.url
  }
}
