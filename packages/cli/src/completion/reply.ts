import { oneLine } from '../output/visible.js'
import type { Candidate, Completions } from './candidate.js'
import type { Asked } from './complete.js'
import { quoted, readShellLine } from './shell-line.js'

/** What a completion script asks with, and how it wants to be told. */
export interface Question {
  readonly asked: Asked
  /**
   * One line that says what the shell has to do (`files`, `folders`, `nothing`, and `goes-on`), then one line for each
   * candidate.
   */
  readonly reply: (completions: Completions) => string
}

/**
 * Reads what follows `tyrax __complete`: the name of the shell, and
 * - for bash: the line up to the cursor, COMP_WORDBREAKS, COMP_TYPE and COLUMNS. bash's own splitting loses quotes, and
 *   what it replaces begins after the last unquoted break;
 * - for zsh and fish: the words, the last one up to the cursor;
 * - for PowerShell: nothing, because its older versions lose quotes and empty words. The words are in a variable, one a
 *   line.
 */
export function readQuestion([shell, ...rest]: readonly string[], env: NodeJS.ProcessEnv): Question {
  if (shell === 'bash') return forBash(rest)
  const typed = shell === 'powershell' ? (env['TYRAX_COMPLETE_WORDS'] ?? '').split('\n') : rest
  const current = typed.at(-1) ?? ''
  const asked = { words: typed.slice(0, -1), current }
  return {
    asked,
    // These shells compare by their own rules, such as without regard to case.
    reply: (found) =>
      lines(
        found,
        current,
        found.candidates.map(({ value, description }) => `${value}\t${oneLine(description)}`),
      ),
  }
}

function forBash([line = '', breaks = '', type = '', columns = '']: readonly string[]): Question {
  const { words, current, kept, quote, isRedirection } = readShellLine(line, breaks)
  const asked = { words: words.slice(1), current }
  return {
    asked,
    reply: (found) => {
      if (isRedirection || words.length === 0) return 'files\n'
      const matching = found.candidates.filter(({ value }) => value.startsWith(current))
      // Within quotes, the spaces before a description would be part of the value.
      const isListed =
        listing.has(type) && quote === '' && matching.length > 1 && matching.some((each) => each.description !== '')
      const inserted = () => matching.map(({ value }) => quoted(value.slice(kept.length), quote))
      return lines(found, current, isListed ? described(matching, kept, columns) : inserted())
    },
  }
}

/** The values of COMP_TYPE (`?`, `!`, `@`) with which bash lists candidates; with others it also inserts them. */
const listing = new Set(['63', '33', '64'])

/** Candidates with their descriptions, one a line of the terminal. */
function described(candidates: readonly Candidate[], kept: string, columns: string): string[] {
  const shown = candidates.map(({ value }) => quoted(value.slice(kept.length), ''))
  const width = Math.max(...shown.map((value) => value.length))
  const room = Math.max(20, (Number(columns) || 80) - 1)
  return candidates.map(({ description }, index) => {
    const text = `${(shown[index] ?? '').padEnd(width)}  ${description === '' ? '' : `(${oneLine(description)})`}`
    return text.length > room ? `${text.slice(0, room - 1)}…` : text.padEnd(room)
  })
}

function lines({ files, goesOn, candidates }: Completions, current: string, shown: readonly string[]): string {
  const isOpen =
    goesOn || candidates.filter(({ value }) => value.startsWith(current)).every(({ value }) => /[/=:]$/.test(value))
  const head = [files ?? 'nothing', ...(isOpen ? ['goes-on'] : [])].join(' ')
  return `${[head, ...shown].join('\n')}\n`
}
