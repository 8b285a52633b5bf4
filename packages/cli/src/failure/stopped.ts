import { AbortError, TyraxError } from '@tyrax/sdk'

/** How a signal ended a command. */
export type StopOutcome = 'hung_up' | 'interrupted' | 'terminated'

/** A command that a signal has ended: its hint says what was kept or removed. */
export class Stopped extends AbortError {
  override readonly name: string = 'Stopped'
  readonly outcome: StopOutcome
  /** The command line that resumes or repeats it; undefined when it contains anything that should not be in a log. */
  readonly again: string | undefined

  constructor(message: string, details: { outcome: StopOutcome; again: string | undefined; hint: string | undefined }) {
    const { outcome, again, hint } = details
    super(message, { hint })
    this.outcome = outcome
    this.again = again
  }
}

const outcomes: Readonly<Record<string, StopOutcome>> = {
  SIGHUP: 'hung_up',
  SIGINT: 'interrupted',
  SIGTERM: 'terminated',
}

/** The error of a command that ended with `error` after a signal; undefined when there was no signal. */
export function stoppedBy(
  signal: AbortSignal | undefined,
  error: unknown,
  argv: readonly string[],
): Stopped | undefined {
  const { aborted = false, reason } = signal ?? {}
  const outcome = aborted && typeof reason === 'string' ? outcomes[reason] : undefined
  if (outcome === undefined) return undefined
  const where = outcome === 'hung_up' ? ', the terminal or connection is gone' : ''
  const isOwn = error instanceof Error && !(error instanceof AbortError) && error.name !== 'AbortError'
  const why = isOwn ? `: ${error.message}` : ''
  const { hint, leftBehind } = error instanceof TyraxError ? error : {}
  const again = hint === undefined && leftBehind === undefined ? undefined : commandLine(argv)
  const stopped = new Stopped(`stopped by ${reason as string}${where}${why}`, { outcome, again, hint })
  if (leftBehind) stopped.leftBehind = leftBehind
  return stopped
}

/** In a form that can be pasted into a shell. Undefined when an address may contain credentials or a signature. */
function commandLine(argv: readonly string[]): string | undefined {
  if (argv.some((word) => /:\/\/[^/]*@|:\/\/.*[?#]/.test(word))) return undefined
  return ['tyrax', ...argv].map(quoted).join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
