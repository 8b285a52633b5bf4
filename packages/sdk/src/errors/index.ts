export * from './config-errors.js'
export * from './connection-errors.js'
export * from './guards.js'
export {
  BadRequestError,
  ConflictError,
  errorFromStatus,
  ForbiddenError,
  GoneError,
  HttpError,
  type HttpErrorDetails,
  NotFoundError,
  OverLimitError,
  RangeNotSatisfiableError,
  RateLimitedError,
  ServerError,
  UnauthorizedError,
  UnsupportedMediaTypeError,
} from './http-error.js'
export * from './image-errors.js'
export * from './list-errors.js'
export * from './transfer-errors.js'
export { type LeftBehind, TyraxError, UsageError } from './tyrax-error.js'
