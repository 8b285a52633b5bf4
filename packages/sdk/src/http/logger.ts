/** Where the client says what it does. `console` and pino's loggers are some. Tokens and passwords never get there. */
export interface Logger {
  /** What is sent and received. */
  debug(message: string, details?: Readonly<Record<string, unknown>>): void
  /** What a user may like to know. */
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  /** What works, and should be looked into. */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
  /** What failed. */
  error(message: string, details?: Readonly<Record<string, unknown>>): void
}
