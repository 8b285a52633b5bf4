import { UsageError } from '@tyrax/sdk'
import type { Command } from '../command/define-command.js'
import { allGlobalOptions } from '../command/globals.js'
import { nearest } from '../nearest.js'
import type { KnownHabit, OptionHabit, Refused } from './habit.js'
import { globalHabits } from './openstack-other.js'
import { optionSyntax, typedOption, type OptionSyntax } from './option-syntax.js'
import { argumentsIn, fill, filledOptions, isComplete, shownLine, type Values, wordsOf } from './template.js'

/** The option is neither one of the other client nor of ours. */
export class UnknownOption extends UsageError {
  override readonly name: string = 'UsageError'
}

/** Everything that a command line of another client says. */
interface Said {
  readonly values: Map<string, string[]>
  readonly positional: string[]
  /** Our options: those of the command, and those of all commands. */
  readonly own: string[]
  readonly global: string[]
  readonly also: { readonly template: string; readonly value: string }[]
  becomes: { readonly template: string; readonly value: string } | undefined
  refused: { readonly flag: string; readonly by: Refused; readonly value: string } | undefined
  isHelp: boolean
}

/**
 * Our command lines for one of another client.
 * @param command ours, whose options are taken as well
 * @throws UsageError for what tyrax does not take, with the command to type instead; UnknownOption
 */
export function translate(habit: KnownHabit, command: Command | undefined, argv: readonly string[]): string[][] {
  const said = read(habit, command, argv)
  const choices = [habit.ours].flat()
  const chosen = choices.find((each) => typeof each !== 'string' || isComplete(each, said.values)) ?? choices[0] ?? ''
  const name = [habit.client === 'swift' ? 'swift' : '', ...habit.words].join(' ').trim()
  if (said.isHelp && typeof chosen === 'string')
    return [[...wordsOf({ ...first(chosen), options: [], args: [] }), '--help']]
  checkArguments(habit, name, said)
  if (said.refused) throw refusal(`tyrax ${name} takes no ${said.refused.flag}`, said.refused.by, said)
  const base = said.becomes?.template ?? chosen
  if (typeof base !== 'string') throw refusal(`tyrax has no ${JSON.stringify(name)}`, base, said)
  if (!isComplete(base, said.values)) {
    const missing = argumentsIn(base).find((each) => !said.values.has(each))
    throw new UsageError(`tyrax ${name} needs --${missing}`, {
      hint: `the command of tyrax: ${shownLine(base, said.values)}`,
    })
  }
  const isBare = habit.mayBeBare === true && said.also.length > 0 && said.own.length === 0
  const main = isBare ? [] : linesOf(base, said.values, said.becomes?.value, said.own)
  const others = said.also.flatMap(({ template, value }) => linesOf(template, said.values, value, []))
  // A new name that `set` gives comes last.
  const ordered = habit.mayBeBare === true ? [...others, ...main] : [...main, ...others]
  return ordered.map((words) => [...words, ...said.global])
}

function linesOf(template: string, values: Values, value: string | undefined, options: readonly string[]): string[][] {
  const text = template.replaceAll('{}', '<typed_value>').replaceAll('{=}', '<typed_pair>')
  const all = new Map([...values, ['typed_value', [value ?? '']], ['typed_pair', [(value ?? '').replace(':', '=')]]])
  return fill(text, all).map((line) => wordsOf({ ...line, options: [...line.options, ...options] }))
}

const first = (template: string) =>
  fill(template.replaceAll('*>', '>'), new Map())[0] ?? { command: [], options: [], args: [] }

function refusal(what: string, by: Refused, { values, refused }: Said): UsageError {
  if ('none' in by) return new UsageError(`${what}: ${by.none}`)
  return new UsageError(`${what}: ${by.because}`, { hint: `type: ${shownLine(by.instead, values, refused?.value)}` })
}

/** Sorts the words into arguments and options. */
function read(habit: KnownHabit, command: Command | undefined, argv: readonly string[]): Said {
  const said: Said = {
    values: new Map(),
    positional: [],
    own: [],
    global: [],
    also: [],
    becomes: undefined,
    refused: undefined,
    isHelp: false,
  }
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    if (word === '--') {
      said.positional.push(...argv.slice(at + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      said.positional.push(word)
      continue
    }
    if (word === '--help' || word === '-h') {
      said.isHelp = true
      continue
    }
    at += readOption(said, { habit, command, word, following: argv.slice(at + 1) })
  }
  assign(habit, said)
  return said
}

interface Reading {
  readonly habit: KnownHabit
  readonly command: Command | undefined
  readonly word: string
  readonly following: readonly string[]
}

/** @returns how many of the following words were its value */
function readOption(said: Said, { habit, command, word, following }: Reading): number {
  const { flag, attached } = typedOption(word)
  const foreign = optionOf(habit.options ?? {}, flag)
  const ours = foreign ? undefined : ownOption(command, flag)
  const shared = foreign ?? (ours ? undefined : optionOf(globalHabits, flag))
  const syntax = shared?.syntax ?? ours?.syntax
  if (!syntax) throw unknownOption(habit, command, flag)
  const values = valuesOf(syntax, attached, following)
  if (syntax.value === 'one' && values.words.length === 0) throw new UsageError(`${flag} needs a value`)
  if (shared)
    for (const value of values.words.length > 0 ? values.words : ['']) apply(said, { habit, flag, value, ...shared })
  else if (ours) {
    const isColumn = ours.syntax.flags.some((each) => each === '--column' || each === '--sort-column')
    const target = ours.isGlobal ? said.global : said.own
    const [value] = values.words
    target.push(flag, ...(value === undefined ? [] : [isColumn ? columnOf(habit, value) : value]))
  }
  return values.taken
}

function valuesOf(syntax: OptionSyntax, attached: string | undefined, following: readonly string[]) {
  if (syntax.value === 'none') return { words: [], taken: 0 }
  if (attached !== undefined) return { words: [attached], taken: 0 }
  const end = following.findIndex((word) => word.startsWith('-') && word !== '-')
  const plain = end < 0 ? following : following.slice(0, end)
  const isBool = /^(?:true|false)$/i.test(following[0] ?? '')
  const taken = { one: Math.min(1, following.length), maybe: isBool ? 1 : 0, rest: plain.length }[syntax.value]
  return { words: following.slice(0, taken), taken }
}

interface Applied {
  readonly habit: KnownHabit
  readonly flag: string
  readonly value: string
  readonly meaning: OptionHabit
  readonly syntax: OptionSyntax
}

function apply(said: Said, { habit, flag, value, meaning, syntax }: Applied): void {
  const long = syntax.flags.at(-1) ?? flag
  if (typeof meaning === 'string') {
    const template = meaning === '=' ? (syntax.value === 'none' ? long : `${long} {}`) : meaning
    const isGlobal = optionOf(habit.options ?? {}, flag) === undefined
    const mapped = template.startsWith('--column') ? columnOf(habit, value) : value
    ;(isGlobal ? said.global : said.own).push(...filledOptions(template, mapped))
  } else if ('arg' in meaning) said.values.set(meaning.arg, [...(said.values.get(meaning.arg) ?? []), value])
  else if ('values' in meaning) {
    const template = value === '' ? Object.values(meaning.values)[0] : meaning.values[value]
    if (template === undefined) {
      throw new UsageError(`${flag} takes ${Object.keys(meaning.values).join(', ')}, not ${JSON.stringify(value)}`)
    }
    said.own.push(...filledOptions(template, value))
  } else if ('each' in meaning) {
    for (const part of value.split(',')) said.own.push(...filledOptions(meaning.each, part.trim()))
  } else if ('also' in meaning) said.also.push({ template: meaning.also, value })
  else if ('becomes' in meaning) said.becomes = { template: meaning.becomes, value }
  else said.refused ??= { flag, by: meaning, value }
}

function optionOf(options: Readonly<Record<string, OptionHabit>>, flag: string) {
  for (const [text, meaning] of Object.entries(options)) {
    const syntax = optionSyntax(text)
    if (syntax.flags.includes(flag)) return { syntax, meaning }
  }
  return undefined
}

function ownOption(command: Command | undefined, flag: string) {
  const find = (specs: Readonly<Record<string, { readonly flags: string; readonly negatable?: boolean }>>) =>
    Object.values(specs).find(({ flags, negatable }) => {
      const { flags: names } = optionSyntax(flags)
      return names.includes(flag) || (negatable && names.includes(flag.replace('--no-', '--')))
    })
  const own = command && find(command.options)
  const spec = own ?? find(allGlobalOptions)
  return spec && { syntax: optionSyntax(spec.flags), isGlobal: own === undefined }
}

const columnOf = ({ columns = {} }: KnownHabit, name: string): string =>
  columns[name.toLowerCase().replaceAll(/[\s-]+/g, '_')] ?? name

function unknownOption(habit: KnownHabit, command: Command | undefined, flag: string): UnknownOption {
  const names = [
    ...Object.keys(habit.options ?? {}),
    ...Object.values(command?.options ?? {}).map(({ flags }) => flags),
  ]
  const meant = nearest(
    flag,
    names.flatMap((each) => optionSyntax(each).flags),
  )
  return new UnknownOption(`unknown option '${flag}'`, meant === undefined ? {} : { hint: `Did you mean ${meant}?` })
}

function assign({ args }: KnownHabit, said: Said): void {
  const words = [...said.positional]
  for (const { name, isRest } of args) {
    const taken = isRest ? words.splice(0) : words.splice(0, 1)
    if (taken.length > 0) said.values.set(name, taken)
  }
  said.positional.splice(0, said.positional.length, ...words)
}

function checkArguments({ args }: KnownHabit, name: string, { values, positional }: Said): void {
  const missing = args.find((each) => each.isRequired && !values.has(each.name))
  if (missing) throw new UsageError(`missing required argument '${missing.name}'`, { hint: `see tyrax ${name} --help` })
  if (positional.length === 0) return
  throw new UsageError(`too many arguments: ${positional.join(' ')}`, { hint: `see tyrax ${name} --help` })
}
