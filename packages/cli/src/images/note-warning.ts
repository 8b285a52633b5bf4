import type { Problem } from '@tyrax/sdk'
import type { Context } from '../context.js'

/** Says on stderr, as soon as it is known, what may be wrong with the data; of what was refused, that it was forced. */
export const noteWarning =
  (context: Context) =>
  ({ severity, message, hint }: Problem): void =>
    context.note(severity === 'refused' ? `forced: ${message}` : `warning: ${message} (${hint})`)
