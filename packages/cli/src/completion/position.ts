import type { Command, CommandEntry } from '../command/define-command.js'
import { allGlobalOptions } from '../command/globals.js'
import { locate } from '../command/locate.js'
import type { OptionSpec } from '../command/option.js'

type Options = Readonly<Record<string, OptionSpec<unknown>>>

/** What the cursor is at. */
export type Position =
  | { readonly kind: 'command'; readonly path: readonly string[] }
  | { readonly kind: 'option'; readonly command: Command | undefined }
  | {
      readonly kind: 'value'
      /** How help names it: `<image>`, `[tags...]`, `<path|->`. */
      readonly placeholder: string
      /** The values that are known without looking anywhere. */
      readonly known: readonly string[] | undefined
      /** The beginning of the word, before the value: `--file=`. */
      readonly before: string
      readonly command: Command | undefined
    }
  | { readonly kind: 'nothing' }

/** The words before the cursor, as the command would read them. */
export interface TypedLine {
  readonly position: Position
  readonly path: readonly string[]
  readonly args: readonly string[]
  /** The values of options by their key, in order; flags have none. */
  readonly options: Readonly<Record<string, readonly string[]>>
}

/**
 * Finds what the word at the cursor is, and reads the words before it.
 * @param words everything between the program and the word at the cursor
 */
export async function readTyped(
  words: readonly string[],
  current: string,
  entries: readonly CommandEntry[],
): Promise<TypedLine> {
  const isHelp = words[0] === 'help'
  const { entry, path, unknown, rest } = locate(isHelp ? words.slice(1) : words, entries)
  const command = isHelp ? undefined : await entry?.load()
  const known: Options = { ...allGlobalOptions, ...command?.options }
  const { args, options, pending, isLiteral } = readWords(rest, known)
  const typed = { path, args, options }
  if (unknown !== undefined) return { ...typed, position: { kind: 'nothing' } }
  if (pending) return { ...typed, position: valueOf(pending, '', command) }
  if (!isLiteral && current.startsWith('-') && current !== '-') {
    const at = current.startsWith('--') ? current.indexOf('=') : -1
    if (at < 0) return { ...typed, position: { kind: 'option', command } }
    const spec = findOption(known, current.slice(0, at))?.[1]
    const position = spec?.parse ? valueOf(spec, current.slice(0, at + 1), command) : ({ kind: 'nothing' } as const)
    return { ...typed, position }
  }
  if (!entry) return { ...typed, position: { kind: 'command', path } }
  return { ...typed, position: argumentAt(command, args.length) }
}

interface Read {
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, readonly string[]>>
  /** The option whose value the next word is. */
  readonly pending: OptionSpec<unknown> | undefined
  /** Whether `--` came before, so that all further words are arguments. */
  readonly isLiteral: boolean
}

function readWords(words: readonly string[], known: Options): Read {
  const args: string[] = []
  const options: Record<string, string[]> = {}
  let pending: readonly [string, OptionSpec<unknown>] | undefined
  let isLiteral = false
  for (const word of words) {
    if (pending) {
      ;(options[pending[0]] ??= []).push(word)
      pending = undefined
    } else if (isLiteral || !word.startsWith('-') || word === '-') {
      args.push(word)
    } else if (word === '--') {
      isLiteral = true
    } else {
      const at = word.startsWith('--') ? word.indexOf('=') : -1
      const found = findOption(known, at < 0 ? word : word.slice(0, at))
      if (!found) continue
      const [key, spec] = found
      const values = (options[key] ??= [])
      if (!spec.parse) continue
      if (at < 0) pending = found
      else values.push(word.slice(at + 1))
    }
  }
  return { args, options, pending: pending?.[1], isLiteral }
}

function findOption(known: Options, flag: string): [string, OptionSpec<unknown>] | undefined {
  return Object.entries(known).find(([, { flags }]) => flagsOf(flags).includes(flag))
}

/** `-f` and `--format` of `-f, --format <format>`. */
export function flagsOf(syntax: string): string[] {
  return syntax
    .replace(/[<[].*$/, '')
    .split(/[ ,]+/)
    .filter((flag) => flag !== '')
}

function valueOf(
  { flags, choices, known }: OptionSpec<unknown>,
  before: string,
  command: Command | undefined,
): Extract<Position, { kind: 'value' }> {
  return { kind: 'value', placeholder: /[<[].*$/.exec(flags)?.[0] ?? '', known: choices ?? known, before, command }
}

/** The argument at this index; the last one may take any number of words. */
function argumentAt(command: Command | undefined, index: number): Position {
  const args = Object.values(command?.args ?? {})
  const last = args.at(-1)
  const arg = args[index] ?? (last?.[0].includes('...') ? last : undefined)
  if (arg === undefined) return { kind: 'nothing' }
  const [placeholder, , known] = arg
  return { kind: 'value', placeholder, known, before: '', command }
}
