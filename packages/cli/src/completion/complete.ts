import type { Context } from '../command/context.js'
import type { CommandEntry } from '../command/define-command.js'
import { allGlobalOptions } from '../command/globals.js'
import { globalsOf } from '../command/help.js'
import type { OptionSpec } from '../command/option.js'
import { type Candidate, type Completions, isTypable, noCompletions } from './candidate.js'
import { flagsOf, type Position, readTyped, type TypedLine } from './position.js'
import { valuesFor } from './values.js'

/** The commands that there are. */
export interface Program {
  readonly entries: readonly CommandEntry[]
  readonly groups: Readonly<Record<string, { readonly summary: string }>>
}

/** What is completed: everything between the program and the word at the cursor, and that word up to the cursor. */
export interface Asked {
  readonly words: readonly string[]
  readonly current: string
}

/** Called with the words that were typed, once, when something outside of this process is needed. */
export type OpenContext = (typed: TypedLine) => Context

/** What could stand at the cursor. */
export async function complete(asked: Asked, program: Program, openContext: OpenContext): Promise<Completions> {
  const { words, current } = asked
  const typed = await readTyped(words, current, program.entries)
  const found = await completionsAt(typed, current, program, openContext)
  return { ...found, candidates: unique(found.candidates.filter(({ value }) => isTypable(value))) }
}

async function completionsAt(
  typed: TypedLine,
  current: string,
  program: Program,
  openContext: OpenContext,
): Promise<Completions> {
  const { position } = typed
  if (position.kind === 'nothing') return noCompletions
  if (position.kind === 'command') return { candidates: commandsBelow(position.path, program) }
  if (position.kind === 'option') return { candidates: optionsOf(position) }
  const { before } = position
  const found = await valuesFor({ context: openContext(typed), typed, position, text: current.slice(before.length) })
  return { ...found, candidates: found.candidates.map((each) => ({ ...each, value: before + each.value })) }
}

function commandsBelow(path: readonly string[], { entries, groups }: Program): Candidate[] {
  const below = entries.filter((entry) => path.every((word, index) => entry.path[index] === word))
  return below.map((entry) => {
    const value = entry.path[path.length] ?? ''
    const isGroup = entry.path.length > path.length + 1
    return { value, description: (isGroup && groups[[...path, value].join(' ')]?.summary) || entry.summary }
  })
}

function optionsOf({ command }: Extract<Position, { kind: 'option' }>): Candidate[] {
  const globals = command ? Object.assign({}, ...Object.values(globalsOf(command))) : allGlobalOptions
  const options = Object.values<OptionSpec<unknown>>({ ...command?.options, ...globals })
  return [
    ...options.filter(({ hidden }) => !hidden).flatMap(flagCandidates),
    { value: '--help', description: 'show help' },
    ...(command ? [] : [{ value: '--version', description: 'show the version' }]),
  ]
}

function flagCandidates({ flags, description, negatable }: OptionSpec<unknown>): Candidate[] {
  const long = flagsOf(flags).find((flag) => flag.startsWith('--')) ?? ''
  const off = { value: long.replace('--', '--no-'), description: `not: ${description}` }
  return [{ value: long, description }, ...(negatable ? [off] : [])]
}

function unique(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.toReversed().map((each) => [each.value, each])).values()].toReversed()
}
