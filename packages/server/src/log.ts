/** What the server logs to; pino and console satisfy it. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }
