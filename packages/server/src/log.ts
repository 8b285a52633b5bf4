/** What the server logs to; pino and console satisfy it. */
export interface Logger {
  /** What is received and sent. */
  debug(fields: object, message: string): void
  /** What an operator may like to know. */
  info(fields: object, message: string): void
  /** What works, and should be looked into. */
  warn(fields: object, message: string): void
  /** What failed. */
  error(fields: object, message: string): void
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
