import { UsageError } from '@tyrax/sdk'
import { commandEntries, groups, programExamples } from '../commands/index.js'
import { groupHelp } from './help.js'
import { type Located, plainWords } from './locate.js'
import { meant, wordsBelow } from './meant.js'

/** Help of the program (`path` empty) or of a group. */
export function programHelp(path: readonly string[]): string {
  const group = groups[path.join(' ')]
  if (!group) return groupHelp([], 'tyrax: OpenStack images at a terminal.', commandEntries, programExamples)
  return groupHelp(path, group.summary, entriesBelow(path), group.examples)
}

/** What to say when the words name no command. */
export function refuseWords({ path, unknown, rest }: Located): UsageError {
  const name = ['tyrax', ...path].join(' ')
  const known = wordsBelow(path).join(', ')
  if (unknown === undefined) {
    return new UsageError(path.length === 0 ? 'No command was given' : `${name} needs one more word`, {
      hint: `one of ${known}; see ${name} --help`,
    })
  }
  const found = meant(path, [unknown, ...plainWords(rest)])
  return new UsageError(`${name} has no command ${JSON.stringify(unknown)}`, {
    hint: found ? `Did you mean ${found.isWhole ? `tyrax ${found.words}` : found.words}?` : `one of ${known}`,
  })
}

function entriesBelow(path: readonly string[]) {
  return commandEntries.filter((entry) => path.every((part, index) => entry.path[index] === part))
}
