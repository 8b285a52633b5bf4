import { globalOptions } from './globals.js'
import type { Command, CommandEntry, Example } from './define-command.js'
import type { OptionSpec } from './option.js'

type Options = Readonly<Record<string, OptionSpec<unknown>>>

/** Help for one command: what it does, then examples, then the rest. */
export function commandHelp(path: readonly string[], command: Command): string {
  return sections(
    `${command.description ?? `${command.summary}.`}\n`,
    section('Examples', exampleLines(command.examples)),
    section('Usage', [usageOf(path, command)]),
    section('Arguments', pairs(Object.values(command.args).map(([syntax, description]) => [syntax, description]))),
    section('Options', optionLines(command.options)),
    ...Object.entries(globalsOf(command)).map(([heading, options]) => section(heading, optionLines(options))),
  )
}

export function usageOf(path: readonly string[], { args }: Command): string {
  return ['tyrax', ...path, ...Object.values(args).map(([syntax]) => syntax), '[options]'].join(' ')
}

/** The global options that have an effect on this command. */
export function globalsOf({ isLocal, columns }: Command): Readonly<Record<string, Options>> {
  const { Cloud, Output, Network } = globalOptions
  const hasColumns = columns.names.length > 0
  return {
    ...(isLocal ? {} : { Cloud }),
    Output: Object.fromEntries(Object.entries(Output).filter(([name]) => hasColumns || !aboutRecords.has(name))),
    Network: isLocal ? { deadline: Network.deadline } : Network,
  }
}

const aboutRecords: ReadonlySet<string> = new Set([
  'column',
  'sortColumn',
  'sortDescending',
  'maxWidth',
  'fitWidth',
  'noindent',
  'quote',
  'shellPrefix',
])

/** Help for the program, or for a group of commands such as `share`. */
export function groupHelp(
  path: readonly string[],
  description: string,
  entries: readonly CommandEntry[],
  examples: readonly Example[],
): string {
  const name = ['tyrax', ...path].join(' ')
  return sections(
    `${description}\n`,
    section('Examples', exampleLines(examples)),
    section('Usage', [`${name} COMMAND [options]     (${name} COMMAND --help for each)`]),
    section('Commands', pairs(entries.map(({ path, summary }) => [path.join(' '), summary]))),
    path.length > 0
      ? ''
      : Object.entries(globalOptions)
          .map(([heading, options]) => section(`${heading}, for every command`, optionLines(options as Options)))
          .join('\n'),
  )
}

function sections(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n')
}

function section(heading: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return `${heading}:\n${lines.map((line) => `  ${line}\n`).join('')}`
}

function exampleLines(examples: readonly Example[]): string[] {
  return examples.flatMap(({ run, does }) => [`# ${does}`, `$ ${run}`])
}

const optionLines = (options: Options): string[] => pairs(describedOptions(options))

/** The options that help shows, as it shows them. */
export function describedOptions(options: Options): (readonly [syntax: string, description: string])[] {
  const visible = Object.values(options).filter(({ hidden }) => !hidden)
  return visible.map(({ flags, description, negatable, choices }) => [
    negatable ? flags.replace('--', '--[no-]') : flags,
    choices && !description.includes(choices[0] ?? '') ? `${description}: ${choices.join(', ')}` : description,
  ])
}

function pairs(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([term]) => term.length))
  return rows.map(([term, description]) => `${term.padEnd(width)}  ${description}`.trimEnd())
}
