import { globalOptions } from '../command/globals.js'
import { describedOptions, usageOf } from '../command/help.js'
import type { Example } from '../command/define-command.js'
import type { OptionSpec } from '../command/option.js'
import { type CommandPage, isPreformatted, type PageCommand, paragraphsOf } from './page.js'

/** `docs/cli/README.md`. */
export function indexPage(pages: readonly CommandPage[], examples: readonly Example[]): string {
  return document(
    '# Commands',
    'Every command of `tyrax`, with examples, arguments and options. What they have in common is in\n[command-line.md](../command-line.md).',
    exampleBlock(examples),
    ...pages
      .map(({ name, summary, isGroup, commands }) =>
        [
          `- [\`tyrax ${name}\`](${name}.md): ${text(summary)}`,
          ...(isGroup ? commands.map(({ path, command }) => `  - ${link(name, path)}: ${text(command.summary)}`) : []),
        ].join('\n'),
      )
      .reduce<string[]>((lists, each) => [[...lists, each].join('\n')], []),
    'The options that all of them have are in [options.md](options.md). `man tyrax` and `man tyrax-list` show the same\nwhere tyrax is installed globally.',
    generated,
  )
}

/** The page of a command or a group. */
export function commandPage({ name, summary, isGroup, examples, commands }: CommandPage): string {
  return document(
    `# tyrax ${name}`,
    ...(isGroup ? [`${text(summary)}.`, exampleBlock(examples)] : []),
    ...commands.flatMap((each) => commandSection(each, isGroup)),
    generated,
  )
}

function commandSection({ path, command }: PageCommand, isInGroup: boolean): string[] {
  const { args, options, columns, isLocal } = command
  const words = Object.values(args).map(([syntax, description]) => [syntax, description] as const)
  return [
    ...(isInGroup ? [`## tyrax ${path.join(' ')}`] : []),
    ...paragraphsOf(command).map((each) => (isPreformatted(each) ? `\`\`\`text\n${each}\n\`\`\`` : text(each))),
    exampleBlock(command.examples),
    `\`\`\`text\n${usageOf(path, command)}\n\`\`\``,
    definitions(words),
    definitions(describedOptions(options)),
    columns.names.length > 0 ? `Columns: ${columns.names.map((column) => `\`${column}\``).join(', ')}.` : '',
    isLocal ? 'It connects to no cloud.' : '',
  ]
}

/** `docs/cli/options.md`. */
export function optionsPage(): string {
  return document(
    '# Options of every command',
    'They may come before or after the words of a command.',
    ...Object.entries<Readonly<Record<string, OptionSpec<unknown>>>>(globalOptions).flatMap(([heading, options]) => [
      `## ${heading}`,
      definitions(describedOptions(options)),
    ]),
    generated,
  )
}

const generated = '<!-- Written by `npm run cli-pages` from the definitions of the commands. -->'

function document(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** Commands that can be pasted, each with what it does. */
function exampleBlock(examples: readonly Example[]): string {
  const lines = examples.map(({ run, does }) => `# ${does}\n$ ${run}`)
  return lines.length === 0 ? '' : `\`\`\`console\n${lines.join('\n')}\n\`\`\``
}

function definitions(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([term, description]) => `- \`${term}\`: ${text(description)}`).join('\n')
}

/** GitHub's anchor of a heading `tyrax share add`. */
function link(page: string, path: readonly string[]): string {
  return `[\`${path.join(' ')}\`](${page}.md#tyrax-${path.join('-')})`
}

/** Text in which Markdown has nothing to interpret, except code between backticks. */
function text(plain: string): string {
  return plain
    .split(/(`[^`]*`)/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll(/[\\*<[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, String.raw`\$&`),
    )
    .join('')
}
