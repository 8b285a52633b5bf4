import { CommanderError } from 'commander'
import { UsageError } from '@tyrax/sdk'

/** A mistake that commander found, as one of ours; `help` when it only showed what was asked for. */
export function fromParser(error: unknown, path: readonly string[]): UsageError | 'help' | undefined {
  if (!(error instanceof CommanderError)) return undefined
  if (error.exitCode === 0) return 'help'
  const [message = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n')
  const hint = [...suggestion.map((line) => line.replace(/^\(|\)$/g, '')), `see tyrax ${path.join(' ')} --help`]
  return new UsageError(message, { hint: hint.join('; '), cause: error })
}
