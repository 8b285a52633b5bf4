import { oneLine } from '../output/visible.js'

/** A word that could stand at the cursor. */
export interface Candidate {
  readonly value: string
  readonly description: string
}

/** What may follow at the cursor. */
export interface Completions {
  readonly candidates: readonly Candidate[]
  /** What the shell adds by itself. */
  readonly files?: 'files' | 'folders' | undefined
  /** Whether the word goes on after a candidate, so that no space follows. */
  readonly goesOn?: boolean | undefined
}

export const noCompletions: Completions = { candidates: [] }

/**
 * Names come from other users: one that a terminal would interpret, or that is more than one line, is left out, because
 * the shell prints it and the user would not see what is typed.
 */
export function isTypable(text: string): boolean {
  return text !== '' && oneLine(text) === text
}
