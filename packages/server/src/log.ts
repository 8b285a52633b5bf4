/** What the server logs to; pino and console satisfy it. */
export interface Logger {
  /** What is received and sent. */
  debug(fields: object, message: string): void
  /** What may interest an operator. */
  info(fields: object, message: string): void
  /** What works, but deserves attention. */
  warn(fields: object, message: string): void
  /** What failed. */
  error(fields: object, message: string): void
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
