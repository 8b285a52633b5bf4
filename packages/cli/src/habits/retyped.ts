import { UsageError } from '@tyrax/sdk'
import type { Command, CommandEntry } from '../command/define-command.js'
import { takesValue } from '../command/locate.js'
import { clients, type KnownHabit } from './habit.js'
import { habits } from './index.js'
import { globalHabits } from './openstack-other.js'
import { otherOption } from './option-synonyms.js'
import { optionSyntax } from './option-syntax.js'
import { argumentsIn, commandOf, shownLine } from './template.js'
import { translate, UnknownOption } from './translate.js'

type Entries = readonly CommandEntry[]

/**
 * Our command lines for words of another client, with or without its name before them; those of swift only with.
 * @returns undefined when they are no such words
 * @throws UsageError with the command to type instead
 */
export async function byWords(argv: readonly string[], entries: Entries): Promise<string[][] | undefined> {
  const typed = plainWords(argv)
  const [prefix] = typed
  const client = clients.find((each) => each === prefix?.word)
  const words = client ? typed.slice(1) : typed
  const wanted = habits.filter((each) => (client ? each.client === client : each.client !== 'swift'))
  const habit = longest(wanted.filter(({ words: known }) => known.every((word, at) => words[at]?.word === word)))
  if (habit) {
    const taken = new Set([...(client ? typed.slice(0, 1) : []), ...words.slice(0, habit.words.length)])
    const indexes = new Set([...taken].map(({ index }) => index))
    return translate(
      habit,
      await commandFor(habit, entries),
      argv.filter((_, index) => !indexes.has(index)),
    )
  }
  const ours = entries.filter(({ path }) => path.every((word, at) => words[at]?.word === word))
  const [entry] = ours.toSorted((one, other) => other.path.length - one.path.length)
  if (!entry || client) return undefined
  const indexes = new Set(words.slice(0, entry.path.length).map(({ index }) => index))
  return ownWords(
    entry.path,
    argv.filter((_, index) => !indexes.has(index)),
    entries,
  )
}

/** Help for words that begin several commands of another client, such as `image`; undefined for others. */
export function helpOfWords(argv: readonly string[]): string | undefined {
  if (!argv.some((word) => word === '--help' || word === '-h')) return undefined
  const typed = plainWords(argv).map(({ word }) => word)
  const client = clients.find((each) => each === typed[0])
  const words = client ? typed.slice(1) : typed
  const below = habits.filter(
    (each) =>
      (client ? each.client === client : each.client === 'openstack') &&
      each.words.length > words.length &&
      words.every((word, at) => each.words[at] === word),
  )
  if (below.length === 0 || habits.some((each) => each.words.join(' ') === words.join(' '))) return undefined
  const rows = below.map(({ words: each, ours }) => [each.join(' '), oursOf(ours)] as const)
  const width = Math.max(...rows.map(([text]) => text.length))
  const lines = rows.map(([text, meaning]) => `  ${text.padEnd(width)}  ${meaning}\n`)
  return `Commands of ${client ?? 'openstack'}, and those of tyrax that they run:\n${lines.join('')}`
}

function oursOf(ours: KnownHabit['ours']): string {
  const [main] = [ours].flat()
  if (typeof main === 'string') return `tyrax ${commandOf(main).join(' ')}`
  return main === undefined || 'none' in main ? '(nothing like it)' : `(type: ${shownLine(main.instead, new Map())})`
}

/**
 * A command line of ours with options of another client, or its arguments.
 * @returns undefined when it has none, so that the mistake is another one
 * @throws UsageError with the command to type instead
 */
export async function ownWords(
  path: readonly string[],
  rest: readonly string[],
  entries: Entries,
): Promise<string[][] | undefined> {
  const entry = entries.find(({ path: words }) => words.join(' ') === path.join(' '))
  const command = await entry?.load()
  if (!command) return undefined
  let advice: unknown
  for (const habit of [...alike(path), asHabit(path, command)]) {
    try {
      return translate(habit, command, rest)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      if (!(error instanceof UnknownOption) && error.hint?.startsWith('type: ')) advice ??= error
    }
  }
  const mistake = advice ?? otherOption(rest, command, path.join(' '))
  if (mistake !== undefined) throw mistake
  return undefined
}

/** The commands of other clients that have these words, or that become this command with the same arguments. */
function alike(path: readonly string[]): KnownHabit[] {
  const name = path.join(' ')
  const candidates = habits.filter(({ client }) => client !== 'swift')
  return [
    ...candidates.filter(({ words }) => words.join(' ') === name),
    ...candidates.filter(({ words, ours, args }) => {
      const [template] = [ours].flat()
      if (words.join(' ') === name || typeof template !== 'string') return false
      if (commandOf(template).join(' ') !== name) return false
      const needed = argumentsIn(template.replaceAll(/ --\S+/g, ''))
      return needed.join(' ') === args.map((each) => each.name).join(' ')
    }),
  ]
}

/** Our own command as one that may have the options which all commands of other clients have. */
function asHabit(path: readonly string[], command: Command): KnownHabit {
  const args = Object.values(command.args).map(([syntax], at) => ({
    name: `arg_${'abcdefgh'[at]}`,
    isRequired: syntax.startsWith('<'),
    isRest: syntax.includes('...'),
  }))
  const templates = args.map((_, at) =>
    args.slice(0, args.length - at).map(({ name, isRest }) => `<${name}${isRest ? '...' : ''}>`),
  )
  const ours = [...templates, []].map((some) => [...path, ...some].join(' '))
  return { client: 'openstack', words: path, args, ours }
}

async function commandFor({ ours }: KnownHabit, entries: Entries): Promise<Command | undefined> {
  const [template] = [ours].flat()
  if (typeof template !== 'string') return undefined
  const name = commandOf(template).join(' ')
  return entries.find(({ path }) => path.join(' ') === name)?.load()
}

const longest = (found: readonly KnownHabit[]): KnownHabit | undefined =>
  found.toSorted((one, other) => other.words.length - one.words.length)[0]

const foreignValues: ReadonlySet<string> = new Set(
  Object.keys(globalHabits)
    .map(optionSyntax)
    .filter(({ value }) => value !== 'none')
    .flatMap(({ flags }) => flags),
)

/** The words that are neither options nor values of options that all commands have. */
function plainWords(argv: readonly string[]): { readonly word: string; readonly index: number }[] {
  const found: { word: string; index: number }[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? ''
    if (word === '--') break
    if (word.startsWith('-') && word !== '-') index += takesValue(word) || foreignValues.has(word) ? 1 : 0
    else found.push({ word, index })
  }
  return found
}
