import { allGlobalOptions } from './globals.js'
import type { CommandEntry } from './define-command.js'

/** The command that the arguments name. */
export interface Located {
  /** Undefined when the words name a group, nothing, or something unknown. */
  readonly entry: CommandEntry | undefined
  /** The words that name the command or group, as far as they are known. */
  readonly path: readonly string[]
  /** A word where a command was expected. */
  readonly unknown: string | undefined
  /** Everything else, in order. */
  readonly rest: readonly string[]
}

/**
 * Finds the command's words among the arguments, without loading any command: global options may come before, between
 * and after them, so only these have to be known to skip their values.
 */
export function locate(argv: readonly string[], entries: readonly CommandEntry[]): Located {
  const path: string[] = []
  const rest: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? ''
    if (word === '--') return { entry: undefined, path, unknown: undefined, rest: [...rest, ...argv.slice(index)] }
    if (word.startsWith('-') && word !== '-') {
      rest.push(word)
      if (takesValue(word) && index + 1 < argv.length) rest.push(argv[(index += 1)] ?? '')
      continue
    }
    const longer = [...path, word]
    const matching = entries.filter(({ path: known }) => longer.every((part, at) => known[at] === part))
    if (matching.length === 0)
      return { entry: undefined, path, unknown: word, rest: [...rest, ...argv.slice(index + 1)] }
    path.push(word)
    const entry = matching.find(({ path: known }) => known.length === path.length)
    if (entry) return { entry, path, unknown: undefined, rest: [...rest, ...argv.slice(index + 1)] }
  }
  return { entry: undefined, path, unknown: undefined, rest }
}

/** The words among arguments that are neither flags nor values of global options. */
export function plainWords(rest: readonly string[]): string[] {
  return rest.filter((word, at) => !word.startsWith('-') && !takesValue(rest[at - 1] ?? ''))
}

export function takesValue(word: string): boolean {
  valueFlags ??= new Set(
    Object.values(allGlobalOptions)
      .filter(({ flags }) => flags.includes('<'))
      .flatMap(({ flags }) => flags.match(/-{1,2}[a-z][a-z0-9-]*/g) ?? []),
  )
  return valueFlags.has(word)
}

/** Gathered when an option precedes the command. */
let valueFlags: ReadonlySet<string> | undefined
