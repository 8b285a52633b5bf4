import type { Timeouts } from './transport.js'

/** The limits where none is given. None of them bounds a whole transfer. */
export const defaultTimeouts: Timeouts = {
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  responseTimeoutMs: 300_000,
}
