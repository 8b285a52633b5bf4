/** A command line of a POSIX shell up to the cursor, taken apart. */
export interface ShellLine {
  /** The words before the cursor's, without quotes; the first one is the program. */
  readonly words: readonly string[]
  /** The word at the cursor, without quotes. */
  readonly current: string
  /** The beginning of that word which readline leaves as it is: a completion replaces what follows it. */
  readonly kept: string
  /** The quote that is still open at the cursor. */
  readonly quote: '' | '"' | "'"
  /** Whether the word at the cursor is the file of a redirection. */
  readonly isRedirection: boolean
}

/**
 * Splits a line as the shell does, without expanding anything.
 * @param breaks the characters at which readline begins the text that it completes, unless they are quoted
 */
export function readShellLine(line: string, breaks: string): ShellLine {
  let words: string[] = []
  let current = ''
  let kept = ''
  let opened = ''
  let hasWord = false
  let quote: ShellLine['quote'] = ''
  let isRedirection = false
  const endWord = () => {
    const isAssignment = words.length === 0 && /^\w+=/.test(current)
    if (hasWord && !isRedirection && !isAssignment) words.push(current)
    if (hasWord) isRedirection = false
    current = kept = ''
    hasWord = false
  }
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? ''
    if (quote !== '') {
      const isEscape = quote === '"' && character === '\\' && /["\\$`]/.test(line[at + 1] ?? '')
      if (character === quote) quote = ''
      else current += isEscape ? (line[(at += 1)] ?? '') : character
    } else if (character === '"' || character === "'") {
      quote = character
      opened = current
      hasWord = true
    } else if (character === '\\') {
      hasWord = true
      current += line[(at += 1)] ?? ''
    } else if (/\s/.test(character)) {
      endWord()
    } else if (/[|&;()]/.test(character)) {
      endWord()
      words = []
      isRedirection = false
    } else if (/[<>]/.test(character)) {
      // `2>`: the descriptor belongs to the redirection.
      if (/^\d+$/.test(current)) hasWord = false
      endWord()
      isRedirection = true
    } else {
      hasWord = true
      current += character
      if (breaks.includes(character)) kept = current
    }
  }
  // After an open quote, readline completes what follows the quote.
  return { words, current, kept: quote === '' ? kept : opened, quote, isRedirection }
}

/** Text as it must be typed at a place with this open quote. */
export function quoted(text: string, quote: ShellLine['quote']): string {
  if (quote === "'") return text.replaceAll("'", String.raw`'\''`)
  if (quote === '"') return text.replaceAll(/["\\$`]/g, String.raw`\$&`)
  return text.replaceAll(/[^\p{L}\p{N}\p{M}\p{S}@%+:,./=_^-]|[$<>|`~^]/gu, String.raw`\$&`)
}
