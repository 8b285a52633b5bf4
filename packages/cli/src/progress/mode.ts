import { UsageError } from '@tyrax/sdk'
import { oneLine } from '../output/visible.js'

/** `auto`: `tty` on a terminal, `plain` elsewhere. */
export const progressModes = ['auto', 'plain', 'tty', 'json', 'none'] as const
export type ProgressMode = (typeof progressModes)[number]

interface Wanted {
  /** From `--progress`. */
  readonly progress?: ProgressMode | undefined
  readonly quiet?: boolean | undefined
}

/**
 * How progress was requested: `--progress`, then `--quiet`, then TYRAX_PROGRESS.
 * @throws UsageError when the variable has any other value
 */
export function requestedProgress({ progress, quiet }: Wanted, env: NodeJS.ProcessEnv): ProgressMode | undefined {
  if (progress) return progress
  if (quiet) return 'none'
  const given = env['TYRAX_PROGRESS']
  if (!given) return undefined
  const mode = progressModes.find((each) => each === given)
  if (mode) return mode
  throw new UsageError(`TYRAX_PROGRESS is "${oneLine(given)}"`, { hint: `set it to ${progressModes.join(', ')}` })
}

/** Whether lines can be redrawn there: on a terminal that moves its cursor, and that is not the log of a CI job. */
export function isRedrawable(isTTY: boolean, env: NodeJS.ProcessEnv): boolean {
  const isLog = !['', '0', 'false'].includes(env['CI'] ?? '')
  return isTTY && !isLog && env['TERM'] !== 'dumb'
}
