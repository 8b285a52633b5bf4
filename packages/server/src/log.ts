/** What the server logs to; pino and console satisfy it. */
export interface Logger {
  /** Requests and responses. */
  debug(fields: object, message: string): void
  /** Events that may interest an operator. */
  info(fields: object, message: string): void
  /** Problems that did not cause a failure. */
  warn(fields: object, message: string): void
  /** Failures. */
  error(fields: object, message: string): void
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
