import { exitCodes, outcomeOf } from './exit-codes.js'
import type { GatedSurroundings } from '../command/context.js'
import type { Globals } from '../command/globals.js'
import { errorJson, errorText } from './error-text.js'
import { OutputError } from '../output/gate.js'
import { styleFor } from '../output/style.js'
import { stoppedBy } from './stopped.js'

/** What is known about a command line that failed. */
interface Failed {
  readonly argv: readonly string[]
  readonly globals: Partial<Globals>
  readonly surroundings: GatedSurroundings
}

/** Reports what went wrong on stderr, as an object if the output is JSON. @returns the exit code */
export function failureExit(given: unknown, { argv, globals, surroundings }: Failed): number {
  const { stderr, env, signal } = surroundings
  const stopped = stoppedBy(signal, given, argv)
  if (!stopped && isClosedPipe(given)) return exitCodes.ok
  const error = stopped ?? given
  stderr.paint(
    wantsJson(globals, argv) ? errorJson(error) : errorText(error, styleFor(stderr, globals.color ?? 'auto', env)),
  )
  if (globals.debug && error instanceof Error) stderr.write(`${error.stack ?? ''}\n`)
  return exitCodes[outcomeOf(error)]
}

/** Even a command line that could not be parsed may have requested JSON. */
function wantsJson({ format }: Partial<Globals>, argv: readonly string[]): boolean {
  if (format) return format === 'json' || format === 'jsonl'
  return argv.some((word, index) => {
    if (/^(-fjsonl?|--format=jsonl?|-f=jsonl?)$/.test(word)) return true
    return (word === '-f' || word === '--format') && /^jsonl?$/.test(argv[index + 1] ?? '')
  })
}

/** The reader of our output has closed it, as `head` does: not an error. */
function isClosedPipe(error: unknown): boolean {
  if (error instanceof OutputError) return isClosedPipe(error.cause)
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EPIPE'
}
