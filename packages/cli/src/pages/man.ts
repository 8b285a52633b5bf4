import { globalOptions } from '../command/globals.js'
import { describedOptions, globalsOf, usageOf } from '../command/help.js'
import type { Example } from '../command/define-command.js'
import type { OptionSpec } from '../command/option.js'
import { exitCodes } from '../failure/exit-codes.js'
import { type CommandPage, isPreformatted, type PageCommand, paragraphsOf } from './page.js'

type Pairs = readonly (readonly [term: string, description: string])[]

/** `tyrax(1)`: what there is, and what all commands have in common. */
export function programManPage(pages: readonly CommandPage[], examples: readonly Example[]): string {
  return manPage(
    'tyrax',
    'OpenStack images at a terminal',
    section('SYNOPSIS', '.B tyrax', '.I COMMAND', roff('[options]')),
    section('EXAMPLES', ...exampleLines(examples)),
    section('COMMANDS', ...definitions(pages.map(({ name, summary }) => [`tyrax-${name}(1)`, summary]))),
    section(
      'OPTIONS',
      roff('They may come before or after the words of a command.'),
      ...Object.entries<Readonly<Record<string, OptionSpec<unknown>>>>(globalOptions).flatMap(([heading, options]) => [
        `.SS ${heading}`,
        ...definitions(describedOptions(options)),
      ]),
    ),
    section('EXIT STATUS', ...definitions(exitStatuses())),
  )
}

/** `tyrax-list(1)`, or `tyrax-share(1)` with all commands of the group. */
export function commandManPage({ name, summary, isGroup, examples, commands }: CommandPage): string {
  const [first] = commands
  return manPage(
    `tyrax-${name}`,
    summary,
    section(
      'SYNOPSIS',
      ...commands.flatMap(({ path, command }) => ['.PP', `.B ${roff(usageOf(path, command))}`]).slice(1),
    ),
    ...(isGroup || !first
      ? [
          section('EXAMPLES', ...exampleLines(examples)),
          section(
            'COMMANDS',
            ...commands.flatMap((each) => [
              `.SS ${roff(`tyrax ${each.path.join(' ')}`)}`,
              ...descriptionLines(each),
              ...spaced(exampleLines(each.command.examples)),
              ...definitions([...argumentsOf(each), ...describedOptions(each.command.options)]),
            ]),
          ),
        ]
      : [
          section('EXAMPLES', ...exampleLines(first.command.examples)),
          section('DESCRIPTION', ...descriptionLines(first)),
          section('OPTIONS', ...definitions([...argumentsOf(first), ...describedOptions(first.command.options)])),
        ]),
    section('SEE ALSO', `.BR tyrax (1)`, roff(alsoThere(commands))),
  )
}

function alsoThere(commands: readonly PageCommand[]): string {
  const headings = new Set(commands.flatMap(({ command }) => Object.keys(globalsOf(command))))
  return `has the options of every command: ${[...headings].map((each) => each.toLowerCase()).join(', ')}.`
}

function exitStatuses(): Pairs {
  const names = new Map<number, string[]>()
  for (const [name, code] of Object.entries(exitCodes)) {
    names.set(code, [...(names.get(code) ?? []), name.replaceAll('_', ' ')])
  }
  return [...names].map(([code, each]) => [String(code), each.join(', ')])
}

const argumentsOf = ({ command }: PageCommand): Pairs =>
  Object.values(command.args).map(([syntax, description]) => [syntax, description])

function descriptionLines({ command }: PageCommand): string[] {
  return paragraphsOf(command).flatMap((each, index) => [
    ...(index > 0 ? ['.PP'] : []),
    ...(isPreformatted(each) ? ['.EX', ...each.split('\n').map(roff), '.EE'] : [roff(each)]),
  ])
}

const exampleLines = (examples: readonly Example[]): string[] =>
  examples.flatMap(({ run, does }, index) => [
    ...(index > 0 ? ['.PP'] : []),
    roff(`${does.slice(0, 1).toUpperCase()}${does.slice(1)}:`),
    '.PP',
    '.EX',
    roff(`    ${run}`),
    '.EE',
  ])

const spaced = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['.PP', ...lines])

const definitions = (pairs: Pairs): string[] =>
  pairs.flatMap(([term, description]) => ['.TP', `.B ${roff(term)}`, roff(description)])

function section(heading: string, ...lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`.SH ${heading}`, ...lines].join('\n')
}

function manPage(name: string, summary: string, ...sections: readonly string[]): string {
  const head = [
    String.raw`.\" Written by "npm run cli-pages" from the definitions of the commands.`,
    `.TH ${roff(name.toUpperCase())} 1 "" "tyrax" "tyrax"`,
    '.SH NAME',
    `${roff(name)} ${String.raw`\-`} ${roff(summary)}`,
  ]
  return `${[head.join('\n'), ...sections.filter((each) => each !== '')].join('\n')}\n`
}

/** Text in which roff has nothing to interpret. */
function roff(plain: string): string {
  return plain
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replaceAll('"', String.raw`\(dq`)
    .replaceAll("'", String.raw`\(aq`)
    .replaceAll('`', String.raw`\(ga`)
    .replaceAll('^', String.raw`\(ha`)
    .replaceAll('~', String.raw`\(ti`)
    .replaceAll(/^(?=[.'])/gm, String.raw`\&`)
}
