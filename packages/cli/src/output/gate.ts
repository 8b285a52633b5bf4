import type { Writable } from 'node:stream'
import { TyraxError } from '@tyrax/sdk'
import { stdoutFailure } from '../../bin/stdout-failure.cjs'
import { Footer, type FooterLine, isReflowing } from './footer.js'
import { visible, visibleBesidesStyles } from './visible.js'

/** A stream of the process, as it is passed in. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  /** Of Node's terminals: asks for the size. They do so by themselves when they are told of a change, which may be late. */
  readonly _refreshSize?: () => void
}

/**
 * The only way to stdout and stderr. On a terminal, characters that it would interpret or hide are shown as escapes;
 * into a pipe or a file, text passes unchanged.
 */
export interface Gate {
  readonly isTTY: boolean
  /** Width of the terminal; undefined when the stream is not one. */
  readonly columns: number | undefined
  /** Height of the terminal; undefined when the stream is not one. */
  readonly rows: number | undefined
  /** Writes text, in which only line breaks and tabs reach a terminal as they are. */
  write(text: string): void
  /** Writes text that contains our own styles, around text that is already safe. */
  paint(text: string): void
  /** Shows these lines, with our own styles, below everything that is written; an empty list removes them. */
  keep(lines: readonly FooterLine[]): void
  /** Leaves the kept lines where they are, after something else has moved the cursor. */
  leave(): void
  /** The stream itself, for bytes. */
  bytes(): Writable
  /** Resolves when everything was written. @throws OutputError */
  flush(): Promise<void>
}

/** Writing to standard output failed. */
export class OutputError extends TyraxError {
  override readonly name: string = 'OutputError'
}

/** Opens the stream on first use: most commands write to only one of the two. */
export function openGate(open: () => OutputStream, env: NodeJS.ProcessEnv = {}): Gate {
  const footer = new Footer()
  let opened: OutputStream | undefined
  let failure: Error | undefined
  const pending = new Set<Promise<void>>()
  const stream = () => {
    if (opened) return opened
    opened = open()
    // When its source fails, a pipeline also emits that error on the stream.
    opened.on('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall === 'write') failure ??= error
    })
    return opened
  }
  const send = (text: string) => {
    if (failure) return
    const written = new Promise<void>((resolve) => {
      stream().write(text, (error) => {
        if (error) failure ??= error
        resolve()
      })
    })
    pending.add(written)
    void written.then(() => pending.delete(written))
  }
  const columns = () => {
    const at = stream()
    // Lines that are drawn for another width could not be taken back.
    if (at.isTTY) at._refreshSize?.()
    return at.columns
  }
  const screen = () => ({ columns: columns() ?? 80, isReflowed: isReflowing(env) })
  return {
    get isTTY() {
      return stream().isTTY === true
    },
    get columns() {
      return columns()
    },
    get rows() {
      return stream().rows
    },
    write: (text) => send(footer.under(stream().isTTY ? visible(text) : text, screen())),
    paint: (text) => send(footer.under(stream().isTTY ? visibleBesidesStyles(text) : text, screen())),
    keep(lines) {
      const drawn = footer.replace(
        lines.map(({ text, width }) => ({ text: visibleBesidesStyles(text), width })),
        screen(),
      )
      if (drawn !== '') send(drawn)
    },
    leave: () => footer.forget(),
    bytes: stream,
    async flush() {
      // Bytes that a pipeline has passed on may still be waiting for a slow reader. A write of nothing ends after them.
      if (opened && !opened.destroyed && opened.writableLength > 0) send('')
      await Promise.all(pending)
      if (failure) throw new OutputError(stdoutFailure(failure), { cause: failure })
    },
  }
}
