import { Command as Commander, CommanderError } from 'commander'
import { UsageError } from '@tyrax/sdk'
import { commandEntries, groups, programExamples } from '../commands/index.js'
import { groupHelp } from './help.js'
import type { Located } from './locate.js'
import { silent } from './to-commander.js'

/** Help of the program (`path` empty) or of a group. */
export function programHelp(path: readonly string[]): string {
  const group = groups[path.join(' ')]
  if (!group) return groupHelp([], 'tyrax: OpenStack images at a terminal.', commandEntries, programExamples)
  return groupHelp(path, group.summary, entriesBelow(path), group.examples)
}

/** What to say when the words name no command. */
export function refuseWords({ path, unknown }: Located): UsageError {
  const below = entriesBelow(path)
  const name = ['tyrax', ...path].join(' ')
  if (unknown === undefined) {
    return new UsageError(path.length === 0 ? 'No command was given' : `${name} needs one more word`, {
      hint: `one of ${words(below, path).join(', ')}; see ${name} --help`,
    })
  }
  const suggestion = suggest(words(below, path), unknown)
  return new UsageError(`${name} has no command ${JSON.stringify(unknown)}`, {
    hint: suggestion ?? `one of ${words(below, path).join(', ')}`,
  })
}

function entriesBelow(path: readonly string[]) {
  return commandEntries.filter((entry) => path.every((part, index) => entry.path[index] === part))
}

function words(entries: ReturnType<typeof entriesBelow>, path: readonly string[]): string[] {
  return [...new Set(entries.map((entry) => entry.path[path.length] ?? ''))]
}

/** commander's own idea of what was meant. */
function suggest(known: readonly string[], unknown: string): string | undefined {
  const parser = silent(new Commander('tyrax'), { out() {}, err() {} })
  for (const word of known) parser.command(word)
  try {
    parser.parse([unknown], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return /\((Did you mean .*)\)/i.exec(error.message)?.[1]
    throw error
  }
  return undefined
}
