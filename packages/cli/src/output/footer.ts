/** One line below the rest: what is painted, and the number of columns that it takes. */
export interface FooterLine {
  readonly text: string
  readonly width: number
}

/** What is known about the terminal when lines are replaced. */
interface Screen {
  readonly columns: number
  /** Whether text that is on the screen is rewrapped when the screen becomes narrower. */
  readonly isReflowed: boolean
}

/**
 * Lines that stay below everything else on a terminal. The cursor waits at the beginning of the last one, where terminals
 * keep it when their width changes, and that line is drawn without wrapping: a single line can be replaced whatever has
 * become of the width, even between two frames. Each method returns what is to be written, in one piece: nothing flickers.
 */
export class Footer {
  #lines: readonly FooterLine[] = []

  /** Shows these lines instead of the current ones. */
  replace(lines: readonly FooterLine[], screen: Screen): string {
    if (lines.length === 0 && this.#lines.length === 0) return ''
    const start = this.#toStart(screen)
    this.#lines = lines
    return `${start}${this.#drawn() || eraseBelow}`
  }

  /** Writes text above the lines. */
  under(text: string, screen: Screen): string {
    if (this.#lines.length === 0) return text
    const start = `${this.#toStart(screen)}${eraseBelow}`
    // After the beginning of a line, such as a question, nothing may follow until that line is complete.
    if (!text.endsWith('\n')) this.#lines = []
    return `${start}${text}${this.#drawn()}`
  }

  /** Leaves the lines where they are, because the cursor is no longer where it was. */
  forget(): void {
    this.#lines = []
  }

  #drawn(): string {
    const last = this.#lines.at(-1)
    if (!last) return ''
    const above = this.#lines.slice(0, -1).map(({ text }) => `${text}${eraseRestOfRow}\n`)
    return `${above.join('')}${noWrap}${last.text}${eraseBelow}${wrap}\r`
  }

  #toStart({ columns, isReflowed }: Screen): string {
    const above = this.#lines.slice(0, -1)
    const rows = above.reduce((sum, { width }) => sum + (isReflowed ? rowsOf(width, columns) : 1), 0)
    return rows === 0 ? '\r' : `\r\u001B[${rows}A`
  }
}

const rowsOf = (width: number, columns: number): number => Math.max(1, Math.ceil(width / Math.max(1, columns)))

/** Erases everything from the cursor on. */
export const eraseBelow = '\u001B[J'
const eraseRestOfRow = '\u001B[K'
const noWrap = '\u001B[?7l'
const wrap = '\u001B[?7h'

/**
 * Whether a terminal rewraps its text when it becomes narrower. Most do; these cut it instead: xterm, screen, st and the
 * console of Linux. tmux inside them rewraps it.
 */
export function isReflowing(env: NodeJS.ProcessEnv): boolean {
  if (env['TMUX']) return true
  return !env['XTERM_VERSION'] && !env['STY'] && !/^(?:st(?:-|$)|linux)/.test(env['TERM'] ?? '')
}
