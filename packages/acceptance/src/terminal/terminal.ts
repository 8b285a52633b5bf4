import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

export interface TerminalOptions {
  readonly columns?: number
  readonly rows?: number
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

/** A program in a real pseudo-terminal, and what a person would see there. */
export interface OpenedTerminal extends Disposable {
  /** The rows that have text, from the first one that was ever written; `wraps` marks a row that continues the one above. */
  rows(): Promise<readonly { readonly text: string; readonly wraps: boolean }[]>
  /** The same as text. */
  text(): Promise<string>
  /** Every byte that the program has written. */
  raw(): string
  type(keys: string): void
  resize(columns: number, rows?: number): void
  /** Closes the terminal, as closing its window does. */
  hangUp(): void
  /** The exit code. */
  readonly ended: Promise<number>
}

/** Starts a program in a terminal of its own. The screen is that of xterm.js, the terminal of many editors. */
export function openTerminal(file: string, argv: readonly string[], options: TerminalOptions): OpenedTerminal {
  const { columns = 80, rows = 24, env, cwd } = options
  const screen = new xterm.Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true })
  const pty = spawn(file, [...argv], { name: 'xterm-256color', cols: columns, rows, env: { ...env }, cwd })
  let raw = ''
  pty.onData((data) => {
    raw += data
    screen.write(data)
  })
  const ended = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode))
  })
  const drawn = () => new Promise<void>((resolve) => screen.write('', resolve))
  const lines = async () => {
    await drawn()
    const { active } = screen.buffer
    const all = Array.from({ length: active.length }, (_, at) => {
      const line = active.getLine(at)
      return { text: line?.translateToString(true) ?? '', wraps: line?.isWrapped ?? false }
    })
    return all.slice(0, all.findLastIndex(({ text }) => text !== '') + 1)
  }
  let isOpen = true
  void ended.then(() => (isOpen = false))
  return {
    rows: lines,
    text: async () => (await lines()).map(({ text }) => text).join('\n'),
    raw: () => raw,
    type: (keys) => pty.write(keys),
    resize(to, height = rows) {
      // In this order, as in a window: the text is rewrapped, then the program is notified.
      screen.resize(to, height)
      pty.resize(to, height)
    },
    hangUp() {
      Reflect.get(pty, 'destroy').call(pty)
    },
    ended,
    [Symbol.dispose]() {
      if (isOpen) pty.kill('SIGKILL')
      screen.dispose()
    },
  }
}
