import { AbortError, TyraxError } from '@tyrax/sdk'

/** How a signal ended a command. */
export type StopOutcome = 'hung_up' | 'interrupted' | 'terminated'

/** A command that a signal has ended: its hint says what was kept or removed. */
export class Stopped extends AbortError {
  override readonly name: string = 'Stopped'
  readonly outcome: StopOutcome

  constructor(message: string, { outcome, hint }: { outcome: StopOutcome; hint: string | undefined }) {
    super(message, { hint })
    this.outcome = outcome
  }
}

const outcomes: Readonly<Record<string, StopOutcome>> = {
  SIGHUP: 'hung_up',
  SIGINT: 'interrupted',
  SIGTERM: 'terminated',
}

/** The error of a command that ended with `error` after a signal; undefined when there was no signal. */
export function stoppedBy(signal: AbortSignal | undefined, error: unknown): Stopped | undefined {
  const { aborted = false, reason } = signal ?? {}
  const outcome = aborted && typeof reason === 'string' ? outcomes[reason] : undefined
  if (outcome === undefined) return undefined
  const where = outcome === 'hung_up' ? ', the terminal or connection is gone' : ''
  const isOwn = error instanceof Error && !(error instanceof AbortError) && error.name !== 'AbortError'
  const why = isOwn ? `: ${error.message}` : ''
  const { hint, leftBehind } = error instanceof TyraxError ? error : {}
  const stopped = new Stopped(`stopped by ${reason as string}${where}${why}`, { outcome, hint })
  if (leftBehind) stopped.leftBehind = leftBehind
  return stopped
}
