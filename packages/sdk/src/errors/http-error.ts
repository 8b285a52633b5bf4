import { TyraxError } from './tyrax-error.js'

/** Statuses after which the same request may succeed later. */
export const retryableStatuses = [408, 429, 500, 502, 503, 504] as const

/** The headers of a response, with case-insensitive names. A web `Headers` object fits. */
export interface ResponseHeaders extends Iterable<[name: string, value: string]> {
  /** Values of a repeated header are joined by `, `. */
  get(name: string): string | null
  /** Whether there is such a header. */
  has(name: string): boolean
}

/** What an HTTP error is made of. */
export interface HttpErrorDetails {
  readonly status: number
  /** The server's message, HTML stripped. */
  readonly message: string
  /** `409 Conflict`, as Glance writes it, or Keystone's title. */
  readonly code?: string | undefined
  readonly requestId?: string | undefined
  readonly method: string
  /** Without credentials: query values that sign a request are removed. */
  readonly url: string
  readonly headers: ResponseHeaders
  readonly hint?: string | undefined
}

/** The server returned an error status. Subclasses by status; see `errorFromStatus`. */
export class HttpError extends TyraxError {
  override readonly name: string = 'HttpError'
  readonly status: number
  declare readonly code: string | undefined
  declare readonly requestId: string | undefined
  readonly method: string
  readonly url: string
  /** Not enumerable, so that a printed error stays short. */
  declare readonly headers: ResponseHeaders
  /** The same request may succeed later: 408, 429, 500, 502, 503, 504. */
  readonly retryable: boolean

  constructor(details: HttpErrorDetails, options?: ErrorOptions) {
    super(details.message, { ...options, hint: details.hint })
    this.status = details.status
    if (details.code !== undefined) this.code = details.code
    if (details.requestId !== undefined) this.requestId = details.requestId
    this.method = details.method
    this.url = details.url
    Object.defineProperty(this, 'headers', { value: details.headers })
    this.retryable = (retryableStatuses as readonly number[]).includes(details.status)
  }
}

/** 400: the server does not accept the request in this form */
export class BadRequestError extends HttpError {
  override readonly name: string = 'BadRequestError'
}
/** 401 after a fresh token, or from the identity service */
export class UnauthorizedError extends HttpError {
  override readonly name: string = 'UnauthorizedError'
}
/** 403: the server does not allow you to do this */
export class ForbiddenError extends HttpError {
  override readonly name: string = 'ForbiddenError'
}
/** 404: it does not exist or is not visible to you */
export class NotFoundError extends HttpError {
  override readonly name: string = 'NotFoundError'
}
/** 409: the current state does not allow it */
export class ConflictError extends HttpError {
  override readonly name: string = 'ConflictError'
}
/** 410: it was deleted during the call */
export class GoneError extends HttpError {
  override readonly name: string = 'GoneError'
}
/** 413: quota or size limit (Glance returns 413 for every quota) */
export class OverLimitError extends HttpError {
  override readonly name: string = 'OverLimitError'
}
/** 415: the server refuses the media type, or the image's data does not have the declared disk format */
export class UnsupportedMediaTypeError extends HttpError {
  override readonly name: string = 'UnsupportedMediaTypeError'
}
/** 416: the data has no such range */
export class RangeNotSatisfiableError extends HttpError {
  override readonly name: string = 'RangeNotSatisfiableError'
}
/** 429: too many requests */
export class RateLimitedError extends HttpError {
  override readonly name: string = 'RateLimitedError'
}
/** 5xx: the server failed */
export class ServerError extends HttpError {
  override readonly name: string = 'ServerError'
}

/** The error for a status. */
export function errorFromStatus(details: HttpErrorDetails): HttpError {
  const byStatus = classes[details.status]
  if (byStatus) return new byStatus(details)
  return details.status >= 500 ? new ServerError(details) : new HttpError(details)
}

const classes: Readonly<Record<number, typeof HttpError>> = {
  400: BadRequestError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  410: GoneError,
  413: OverLimitError,
  415: UnsupportedMediaTypeError,
  416: RangeNotSatisfiableError,
  429: RateLimitedError,
}
