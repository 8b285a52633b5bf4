import type { Timeouts } from '@tyrax/sdk'
import { option } from '../command/option.js'
import type { Globals } from '../globals.js'

/** The options that every command has which moves an image's data, beside those of every command. */
export const transferOptions = {
  limitRate: option.rate('--limit-rate <rate>', 'most bytes per second, such as 500k, 10M or 1G (default: no limit)'),
} as const

/**
 * The limits that flags set, for an upload. Only what was given: without it an upload waits longer for its answer than
 * other requests do.
 */
export function givenTimeouts({ idleTimeout, headersTimeout }: Globals): Partial<Timeouts> {
  return {
    ...(idleTimeout === undefined ? {} : { idleTimeoutMs: idleTimeout }),
    ...(headersTimeout === undefined ? {} : { headersTimeoutMs: headersTimeout }),
  }
}
