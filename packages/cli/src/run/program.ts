import { UsageError } from '@tyrax/sdk'
import { groupHelp } from '../command/help.js'
import { type Located, plainWords } from '../command/locate.js'
import { groups, programExamples } from '../commands/groups.js'
import { commandEntries } from '../commands/index.js'
import { nearest } from '../nearest.js'

/** Words of other tools, and the words of tyrax that the user may mean; the first that exist count. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  ...same(['remove', 'delete', 'del', 'destroy', 'erase', 'purge', 'drop', 'unlink'], 'rm'),
  ...same(['ls', 'dir', 'index', 'find', 'search'], 'list'),
  ...same(['describe', 'info', 'view', 'details', 'cat'], 'show', 'stat'),
  ...same(['get'], 'get', 'show or download', 'show'),
  ...same(['show', 'head', 'stat'], 'show', 'stat'),
  ...same(['save', 'fetch', 'pull', 'export'], 'download', 'get'),
  ...same(['download'], 'get'),
  ...same(['add', 'new', 'import', 'make', 'register'], 'create', 'add', 'put'),
  ...same(['create'], 'add', 'put'),
  ...same(['push', 'send', 'stage', 'put'], 'upload', 'put'),
  ...same(['upload', 'store', 'cp', 'copy'], 'put', 'upload'),
  ...same(['update', 'edit', 'modify', 'change', 'rename', 'patch'], 'set'),
  ...same(['clean', 'cleanup', 'prune'], 'gc'),
  ...same(['start', 'server', 'daemon', 'up'], 'serve'),
  ...same(['check', 'detect', 'verify', 'file', 'identify'], 'inspect'),
  ...same(['clone', 'sync', 'mirror', 'replicate'], 'copy'),
  ...same(['disable', 'lock', 'block'], 'deactivate'),
  ...same(['enable', 'activate', 'unlock', 'unblock'], 'reactivate'),
  ...same(['follow', 'watch', 'status'], 'wait', 'show'),
  ...same(['apply', 'upsert'], 'ensure', 'create'),
  ...same(['quota', 'quotas', 'limits'], 'usage'),
  ...same(['diagnose', 'debug', 'health'], 'doctor'),
  ...same(['invite', 'grant', 'offer'], 'add'),
  ...same(['revoke', 'withdraw', 'leave'], 'rm', 'reset'),
}

function same(words: readonly string[], ...meant: readonly string[]) {
  return Object.fromEntries(words.map((word) => [word, meant]))
}

/** Whole commands, by the names that other tools and users have for them. */
const phrases: Readonly<Record<string, string>> = {
  login: 'auth check',
  whoami: 'auth check',
  token: 'auth token',
  'image member add': 'share add',
  'image member create': 'share add',
  'image member delete': 'share rm',
  'member list': 'share list',
  'member create': 'share add',
  'member add': 'share add',
  'member delete': 'share rm',
  'member update': 'share accept',
  'image tag update': 'tag add',
  'image tag delete': 'tag rm',
  unshare: 'share rm',
  untag: 'tag rm',
  'object container list': 'object list',
}

/** Words before a command that add nothing, because tyrax is about them anyway. */
const superfluous = new Set(['image', 'images', 'openstack', 'glance', 'tyrax', 'swift'])

/**
 * The command that was probably meant.
 * @param path the known words of the group
 * @param words the words where the command was expected, and what follows them
 * @returns its words after `path`, or all of its words with `isWhole`; undefined when none is similar
 */
function meant(
  path: readonly string[],
  words: readonly string[],
): { readonly words: string; readonly isWhole: boolean } | undefined {
  // Commands of glance are a single word: image-list.
  const all = [...path, ...words.flatMap((word, at) => (at === 0 ? word.split('-') : [word]))]
  for (const from of superfluous.has(all[0] ?? '') ? [0, 1] : [0]) {
    for (const length of [3, 2, 1]) {
      const phrase =
        phrases[
          all
            .slice(from, from + length)
            .join(' ')
            .toLowerCase()
        ]
      if (phrase !== undefined) return { words: phrase, isWhole: true }
    }
  }
  const [first = '', ...rest] = all
  if (path.length === 0 && superfluous.has(first)) {
    const found = rest.length === 0 ? undefined : (exact(rest) ?? meant([], rest)?.words)
    return found === undefined ? undefined : { words: found, isWhole: true }
  }
  const known = wordsBelow(path)
  const [word = ''] = words
  const synonym = synonyms[word.toLowerCase()]?.find((each) => each.split(' or ').every((one) => known.includes(one)))
  const found = synonym ?? nearest(word.toLowerCase(), known) ?? onlyBeginning(word, known)
  return found === undefined ? undefined : { words: found, isWhole: false }
}

/** The words that may come next, in the order of help. */
function wordsBelow(path: readonly string[]): string[] {
  const below = commandEntries.filter((entry) => path.every((part, index) => entry.path[index] === part))
  return [...new Set(below.map((entry) => entry.path[path.length] ?? ''))]
}

/** The command that these words begin with, if any. */
function exact(words: readonly string[]): string | undefined {
  const entry = commandEntries.find(({ path }) => path.every((part, at) => words[at] === part))
  return entry?.path.join(' ')
}

function onlyBeginning(word: string, known: readonly string[]): string | undefined {
  const found = word.length < 2 ? [] : known.filter((each) => each.startsWith(word.toLowerCase()))
  return found.length === 1 ? found[0] : undefined
}

/** Help for the program (`path` is empty) or for a group. */
export function programHelp(path: readonly string[]): string {
  const group = groups[path.join(' ')]
  if (!group) return groupHelp([], 'tyrax: OpenStack images at a terminal.', commandEntries, programExamples)
  return groupHelp(path, group.summary, entriesBelow(path), group.examples)
}

/** The error for words that name no command. */
export function refuseWords({ path, unknown, rest }: Located): UsageError {
  const name = ['tyrax', ...path].join(' ')
  const known = wordsBelow(path).join(', ')
  if (unknown === undefined) {
    return new UsageError(path.length === 0 ? 'No command given' : `${name} needs a subcommand`, {
      hint: `use one of ${known}; see ${name} --help`,
    })
  }
  const found = meant(path, [unknown, ...plainWords(rest)])
  return new UsageError(`${name} has no command ${JSON.stringify(unknown)}`, {
    hint: found ? `Did you mean ${found.isWhole ? `tyrax ${found.words}` : found.words}?` : `use one of ${known}`,
  })
}

function entriesBelow(path: readonly string[]) {
  return commandEntries.filter((entry) => path.every((part, index) => entry.path[index] === part))
}
