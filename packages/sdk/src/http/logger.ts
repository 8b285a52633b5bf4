/** Receives the client's log messages. `console` and pino's loggers fit. Tokens and passwords are never logged. */
export interface Logger {
  /** Requests and responses. */
  debug(message: string, details?: Readonly<Record<string, unknown>>): void
  /** Events that may interest a user. */
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  /** It works, but needs attention. */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
  /** Failures. */
  error(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** Discards a message. A client whose logger has this function for a level does not build the messages of that level. */
export function ignored(): void {}
