import { UsageError } from '@tyrax/sdk'
import { Command as Commander, CommanderError, Option } from 'commander'
import type { Command } from './define-command.js'
import { globalOptions } from './globals.js'
import { commandHelp } from './help.js'
import type { OptionSpec } from './option.js'

/** A parsed command line, options and arguments under their keys. */
export interface Parsed {
  /** Those of the command itself. */
  readonly options: Readonly<Record<string, unknown>>
  readonly globals: Readonly<Record<string, unknown>>
  readonly args: Readonly<Record<string, unknown>>
}

/** Where commander's own output goes. */
export interface Sinks {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** Parses with commander, which understands every way to write options and has messages for every mistake. */
export function parseWithCommander(
  path: readonly string[],
  command: Command,
  argv: readonly string[],
  sinks: Sinks,
): Parsed {
  const parser = silent(new Commander(`tyrax ${path.join(' ')}`), sinks)
  parser.configureHelp({ formatHelp: () => commandHelp(path, command) })
  parser.helpOption('-h, --help', 'show this help')
  for (const [syntax, description] of Object.values(command.args)) parser.argument(syntax, description)
  for (const spec of Object.values(command.options)) addOption(parser, spec)
  for (const group of Object.values(globalOptions)) {
    for (const spec of Object.values(group)) addOption(parser, spec)
  }
  parser.action(() => {})
  parser.parse([...argv], { from: 'user' })
  const args = Object.keys(command.args).map((name, index) => [name, parser.processedArgs[index] as unknown] as const)
  const values = Object.entries(parser.opts<Record<string, unknown>>())
  const isOwn = ([name]: readonly [string, unknown]) => Object.hasOwn(command.options, name)
  return {
    options: Object.fromEntries(values.filter(isOwn)),
    globals: Object.fromEntries(values.filter((each) => !isOwn(each))),
    args: Object.fromEntries(args),
  }
}

/** Configures a parser to neither end the process nor write to its streams. */
function silent(parser: Commander, sinks: Sinks): Commander {
  return parser
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .configureOutput({ writeOut: sinks.out, writeErr: sinks.err })
}

function addOption(parser: Commander, spec: OptionSpec<unknown>): void {
  parser.addOption(toOption(spec.flags, spec))
  if (!spec.negatable) return
  const opposite = new Option(spec.flags.replace('--', '--no-'), `not: ${spec.description}`)
  parser.addOption(spec.hidden ? opposite.hideHelp() : opposite)
}

function toOption(flags: string, spec: OptionSpec<unknown>): Option {
  const option = new Option(flags, spec.description)
  if (spec.choices) option.choices([...spec.choices])
  else if (spec.parse) option.argParser((text: string, earlier: unknown) => spec.parse?.(text, earlier))
  if (spec.hidden) option.hideHelp()
  return option
}

/** Whether commander found an option or an argument that the command does not have. */
export function isUnknownWord(error: unknown): boolean {
  return (
    error instanceof CommanderError && ['commander.unknownOption', 'commander.excessArguments'].includes(error.code)
  )
}

/** Turns a mistake that commander found into one of our errors; `help` when it only showed the requested help. */
export function fromParser(error: unknown, path: readonly string[]): UsageError | 'help' | undefined {
  if (!(error instanceof CommanderError)) return undefined
  if (error.exitCode === 0) return 'help'
  const [message = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n')
  const hint = [...suggestion.map((line) => line.replace(/^\(|\)$/g, '')), `see tyrax ${path.join(' ')} --help`]
  return new UsageError(message, { hint: hint.join('; '), cause: error })
}
