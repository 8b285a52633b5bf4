import type { Parsed, Sinks } from './commander.js'
import type { Command } from './define-command.js'
import { allGlobalOptions } from './globals.js'
import type { OptionSpec } from './option.js'

/**
 * Parses the arguments after a command's name, including global options.
 * @throws commander's CommanderError after help or a mistake has been written to the sinks
 * @throws UsageError for a value that an option refuses
 */
export async function parseCommand(
  path: readonly string[],
  command: Command,
  argv: readonly string[],
  sinks: Sinks,
): Promise<Parsed> {
  const plain = parsePlain(command, argv)
  if (plain) return plain
  const { parseWithCommander } = await import('./commander.js')
  return parseWithCommander(path, command, argv, sinks)
}

/**
 * @internal Parses a correct command line in which each option is a word of its own, as `--sort name`, `--sort=name` or
 * `-f json`. Loading commander, and describing to it the hundred options that every command has, takes longer.
 * @returns undefined for any other, such as `-fjson`, `--help` or a mistake
 */
export function parsePlain(command: Command, argv: readonly string[]): Parsed | undefined {
  const options: Record<string, unknown> = {}
  const globals: Record<string, unknown> = {}
  const words: string[] = []
  const rest = [...argv]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      continue
    }
    const [, flag = word, after] = /^(--[^=]+)=(.*)$/s.exec(word) ?? []
    const own = find(command.options, flag)
    const found = own ?? find(allGlobalOptions, flag)
    if (!found) return undefined
    const { key, spec, isOpposite } = found
    const values = own ? options : globals
    if (isOpposite || !spec.parse) {
      if (after !== undefined) return undefined
      values[key] = !isOpposite
      continue
    }
    const text = after ?? rest.shift()
    if (text === undefined || (spec.choices && !spec.choices.includes(text))) return undefined
    try {
      values[key] = spec.parse(text, values[key])
    } catch {
      return undefined
    }
  }
  const args = parseWords(command, words)
  return args && { options, globals, args }
}

type Specs = Readonly<Record<string, OptionSpec<unknown>>>

function find(specs: Specs, flag: string) {
  for (const [key, spec] of Object.entries(specs)) {
    const flags = spec.flags.split(/[ ,]+/).filter((each) => each.startsWith('-'))
    if (flags.includes(flag)) return { key, spec, isOpposite: false }
    if (spec.negatable && flag === flags.at(-1)?.replace('--', '--no-')) return { key, spec, isOpposite: true }
  }
  return undefined
}

/** The arguments under their keys. @returns undefined when there are too few or too many */
function parseWords({ args }: Command, words: readonly string[]): Parsed['args'] | undefined {
  const known = Object.entries(args)
  const isOpen = known.some(([, [syntax]]) => syntax.includes('...'))
  const needed = known.filter(([, [syntax]]) => syntax.startsWith('<')).length
  if (words.length < needed || (!isOpen && words.length > known.length)) return undefined
  return Object.fromEntries(
    known.map(([key, [syntax]], at) => [key, syntax.includes('...') ? words.slice(at) : words[at]]),
  )
}
