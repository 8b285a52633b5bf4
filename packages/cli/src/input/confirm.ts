import { AbortError, TyraxError, UsageError } from '@tyrax/sdk'
import stringWidth from 'string-width'
import type { Readable } from 'node:stream'
import type { Context } from '../command/context.js'
import { oneLine } from '../output/visible.js'
import { endOnAbort } from './stdin.js'

/** The user did not agree: nothing was changed. */
class Declined extends TyraxError {
  override readonly name: string = 'Declined'
}

/**
 * Whether a person can be asked. @throws UsageError when not: a script must say beforehand that it means it
 * @param what `a selector`
 */
export function requireAttended({ surroundings }: Context, what: string): void {
  if (surroundings.stdin.isTTY && surroundings.stderr.isTTY) return
  throw new UsageError(`Without a terminal to confirm on, ${what} needs --yes`, {
    hint: '--dry-run shows what would be changed; --yes changes it',
  })
}

/** What a question is about: an id, and what helps to recognise it. */
export type Named = readonly [id: string, ...more: string[]]

/** Asks on stderr, and reads a line of standard input. @throws Declined unless the answer is yes */
export async function confirm({ surroundings, signal }: Context, items: readonly Named[], question: string) {
  const { stdin, stderr } = surroundings
  const asked = [...linesOf(items, stderr.columns), `${oneLine(question)} [y/N] `]
  stderr.write(asked.join('\n'))
  await stderr.flush()
  const text = await readAnswer(stdin, signal)
  if (!text.includes('\n')) stderr.write('\n')
  if (!/^y(?:es)?$/i.test(text.trim())) throw new Declined(unchanged)
}

const unchanged = 'Nothing was changed'

/** Each on one line; where the terminal is too narrow, the id on one and the rest on the next. */
function linesOf(items: readonly Named[], columns = Number.POSITIVE_INFINITY): string[] {
  const lines = items.map((cells) => `  ${cells.map(oneLine).join('  ')}`)
  if (lines.every((line) => stringWidth(line) <= columns)) return lines
  return items.flatMap(([id, ...more]) => [
    `  ${oneLine(id)}`,
    ...(more.length > 0 ? [`    ${more.map(oneLine).join('  ')}`] : []),
  ])
}

async function readAnswer(stdin: Readable, signal: AbortSignal): Promise<string> {
  endOnAbort(stdin, signal)
  let text = ''
  try {
    for await (const chunk of stdin) {
      text += String(chunk)
      if (text.includes('\n') || text.length > longestAnswer) break
    }
    signal.throwIfAborted()
  } catch (cause) {
    if (!signal.aborted) throw cause
    throw new AbortError('interrupted', { cause, hint: unchanged.toLowerCase() })
  }
  return text
}

const longestAnswer = 1024
