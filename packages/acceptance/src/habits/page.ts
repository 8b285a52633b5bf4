import type { KnownHabit, OptionHabit, Refused } from '../../../cli/src/habits/habit.js'
import { optionSyntax } from '../../../cli/src/habits/option-syntax.js'
import { shownLine } from '../../../cli/src/habits/template.js'

const none = new Map<string, readonly string[]>()

/** The tables of `docs/from-openstack.md`: every command of the other clients, with every option. */
export function habitTables(habits: readonly KnownHabit[], globals: Readonly<Record<string, OptionHabit>>): string {
  const sections = [
    ['openstack image', (each: KnownHabit) => isOf(each, 'openstack', 'image', 'cached') && !isMetadef(each)],
    ['openstack image metadef', (each: KnownHabit) => isOf(each, 'openstack', 'image') && isMetadef(each)],
    ['openstack container, openstack object', (each: KnownHabit) => isOf(each, 'openstack', 'container', 'object')],
    [
      'openstack, the rest',
      (each: KnownHabit) => isOf(each, 'openstack', 'token', 'catalog', 'endpoint', 'configuration'),
    ],
    ['glance', (each: KnownHabit) => each.client === 'glance' && !isMetadef(each)],
    ['glance md-…', (each: KnownHabit) => each.client === 'glance' && isMetadef(each)],
    ['swift', (each: KnownHabit) => each.client === 'swift'],
  ] as const
  return [
    ...sections.flatMap(([title, belongs]) => [`## ${title}`, '', ...rowsOf(habits.filter(belongs)), '']),
    '## Options of every command',
    '',
    ...table([['typed', 'tyrax'], ...optionRows(globals)]),
    '',
  ].join('\n')
}

const isOf = ({ client, words: [first = ''] }: KnownHabit, of: string, ...firsts: string[]) =>
  client === of && firsts.includes(first)
const isMetadef = ({ words }: KnownHabit) => words[1] === 'metadef' || (words[0] ?? '').startsWith('md-')

function rowsOf(habits: readonly KnownHabit[]): string[] {
  return table([
    ['typed', 'tyrax'],
    ...habits.flatMap((habit) => [commandRow(habit), ...optionRows(habit.options ?? {})]),
  ])
}

function commandRow({ client, words, args, ours, note }: KnownHabit): [string, string] {
  const typed = [...(client === 'swift' ? ['swift'] : []), ...words, ...args.map(({ name }) => name.toUpperCase())]
  const meanings = [ours].flat().map((each) => (typeof each === 'string' ? code(plain(each)) : refused(each)))
  return [`**${typed.join(' ')}**`, `${meanings.join(' or ')}${note === undefined ? '' : `; ${note}`}`]
}

const plain = (template: string) => shownLine(template, none)

/** Those that are the same, and those that are not needed, in a row each. */
function optionRows(options: Readonly<Record<string, OptionHabit>>): [string, string][] {
  const all = Object.entries(options).map(
    ([text, meaning]) => [code(optionSyntax(text).flags.join(', ')), meaning] as const,
  )
  const named = (wanted: string) => all.filter(([, meaning]) => meaning === wanted).map(([flags]) => flags)
  const row = (flags: readonly string[], text: string): [string, string][] =>
    flags.length === 0 ? [] : [[flags.join(' '), text]]
  return [
    ...row(named('='), 'the same'),
    ...all
      .filter(([, meaning]) => meaning !== '=' && meaning !== '')
      .map(([flags, meaning]): [string, string] => [flags, meaningOf(meaning)]),
    ...row(named(''), 'taken, and needs nothing'),
  ]
}

function meaningOf(meaning: OptionHabit): string {
  const option = (text: string) => code(text.replace('{=}', 'KEY=VALUE').replace('{}', 'VALUE'))
  if (typeof meaning === 'string') return option(meaning)
  if ('arg' in meaning) return `${meaning.arg.replaceAll('_', ' ').toUpperCase()} of the command`
  if ('values' in meaning) {
    const entries = Object.entries(meaning.values).filter(([value]) => value !== 'true' && value !== 'false')
    return entries.map(([value, text]) => `${value}: ${text === '' ? 'nothing' : code(text)}`).join('; ')
  }
  if ('each' in meaning) return `${option(meaning.each)}, for each`
  if ('also' in meaning) return code(plain(meaning.also))
  return 'becomes' in meaning ? code(plain(meaning.becomes)) : refused(meaning)
}

function refused(by: Refused): string {
  return 'none' in by ? `not taken: ${by.none}` : `not taken, type ${code(plain(by.instead))}: ${by.because}`
}

const code = (text: string) => `\`${text.replaceAll('|', '\\|')}\``

/** Padded as the formatter pads it. */
function table([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}
