import type { Timeouts } from '@tyrax/sdk'
import { option } from '../command/option.js'
import type { Context } from '../context.js'
import type { Globals } from '../globals.js'

/** The options that every command has which moves an image's data, beside those of every command. */
export const transferOptions = {
  limitRate: option.rate('--limit-rate <rate>', 'most bytes per second, such as 500k, 10M or 1G (default: no limit)'),
  requireVerified: option.flag('--require-verified', 'fail when the server has no hash to compare with'),
} as const

/** What a script may give to every transfer alike, and an upload cannot do. */
export const wholeOptions = {
  resume: option.toggle('--resume', 'Glance keeps no half upload: what breaks off starts over (for downloads)'),
  concurrency: option.integer('--concurrency <n>', 'Glance takes an image in one piece: none (for downloads)', {
    min: 1,
    max: 32,
  }),
} as const

/** Says plainly what the flags do not do. */
export function noteWhole(
  context: Context,
  { resume, concurrency }: { readonly resume?: boolean | undefined; readonly concurrency?: number | undefined },
): void {
  if (resume === true) context.note('--resume: Glance keeps no half upload, so that what breaks off starts over')
  if (concurrency !== undefined && concurrency > 1) {
    context.note(`--concurrency ${concurrency}: Glance takes an image in one piece, over one connection`)
  }
}

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
