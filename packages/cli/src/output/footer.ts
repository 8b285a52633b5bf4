/** Erases everything from the cursor on. */
export const eraseBelow = '\u001B[J'

/**
 * Lines that stay below everything else on a terminal. The cursor waits at the beginning of the first one, where terminals
 * keep it when their width changes: everything from there on can be replaced without knowing how many rows it takes by
 * now. They are drawn without wrapping, so that lines for a width that has just changed take one row each as well. Each
 * method returns what is to be written, in one piece: nothing flickers.
 */
export class Footer {
  #lines: readonly string[] = []

  /** Shows these lines instead of the current ones. */
  replace(lines: readonly string[]): string {
    if (lines.length === 0 && this.#lines.length === 0) return ''
    this.#lines = lines
    return this.#drawn()
  }

  /** Writes text above the lines. */
  under(text: string): string {
    if (this.#lines.length === 0) return text
    // After the beginning of a line, such as a question, nothing may follow until that line is complete.
    if (!text.endsWith('\n')) this.#lines = []
    return `\r${eraseBelow}${text}${this.#drawn()}`
  }

  /** Leaves the lines where they are, because the cursor is no longer where it was. */
  forget(): void {
    this.#lines = []
  }

  #drawn(): string {
    if (this.#lines.length === 0) return `\r${eraseBelow}`
    const last = this.#lines.length - 1
    const rows = this.#lines.map((line) => `${line}${eraseRestOfRow}`).join('\n')
    return `\r${noWrap}${rows}${eraseBelow}${wrap}\r${last > 0 ? `\u001B[${last}A` : ''}`
  }
}

const eraseRestOfRow = '\u001B[K'
const noWrap = '\u001B[?7l'
const wrap = '\u001B[?7h'
