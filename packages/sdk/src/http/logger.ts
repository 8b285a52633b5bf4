/** Where the client says what it does. `console` and pino's loggers are some. Tokens and passwords never get there. */
export interface Logger {
  /** What is sent and received. */
  debug(message: string, details?: Readonly<Record<string, unknown>>): void
  /** What may interest a user. */
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  /** What works, but deserves attention. */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
  /** What failed. */
  error(message: string, details?: Readonly<Record<string, unknown>>): void
}
