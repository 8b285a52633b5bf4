import { againAfter } from './again.js'
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
  const stopped = stoppedBy(signal, given)
  if (!stopped && isClosedPipe(given)) return exitCodes.ok
  const error = stopped ?? given
  const again = againAfter(given, argv)
  stderr.paint(
    wantsJson(globals, argv, env)
      ? errorJson(error, again)
      : errorText(error, styleFor(stderr, globals.color ?? 'auto', env), again),
  )
  if (globals.debug && error instanceof Error) stderr.write(`${error.stack ?? ''}\n`)
  return exitCodes[outcomeOf(error)]
}

/** Even a command line that could not be parsed may have requested JSON, as its output or as its progress. */
function wantsJson({ format, progress, quiet }: Partial<Globals>, argv: readonly string[], env: NodeJS.ProcessEnv) {
  const mode = progress ?? (quiet ? undefined : env['TYRAX_PROGRESS'])
  if (mode === 'json') return true
  if (format) return format === 'json' || format === 'jsonl'
  return argv.some((word, index) => {
    if (/^(-fjsonl?|--format=jsonl?|-f=jsonl?|--progress=json)$/.test(word)) return true
    const next = argv[index + 1] ?? ''
    return word === '--progress' ? next === 'json' : /^(-f|--format)$/.test(word) && /^jsonl?$/.test(next)
  })
}

/** The reader of our output has closed it, as `head` does: not an error. */
function isClosedPipe(error: unknown): boolean {
  if (error instanceof OutputError) return isClosedPipe(error.cause)
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EPIPE'
}
