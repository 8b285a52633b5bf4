import type { Writable } from 'node:stream'
import { TyraxError } from '@tyrax/sdk'
import { visible, visibleBesidesStyles } from './visible.js'

/** A stream of the process, as it is handed in. */
export type OutputStream = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined }

/**
 * The only way to stdout and stderr. On a terminal, characters that it would obey or hide are shown as escapes; into a
 * pipe or a file, text goes as it is.
 */
export interface Gate {
  readonly isTTY: boolean
  /** Width of the terminal; undefined when there is none. */
  readonly columns: number | undefined
  /** Writes text that has line breaks and tabs of its own, and nothing else that a terminal obeys. */
  write(text: string): void
  /** Writes text with our own styles in it, made of parts in which everything can be seen. */
  paint(text: string): void
  /** The stream itself, for bytes. */
  bytes(): Writable
  /** Resolves when what was written has been taken. @throws OutputError */
  flush(): Promise<void>
}

/** Standard output takes no more. */
export class OutputError extends TyraxError {
  override readonly name: string = 'OutputError'
}

/** Opens the stream when it is first needed: most commands write to one of the two. */
export function openGate(open: () => OutputStream): Gate {
  let opened: OutputStream | undefined
  let failure: Error | undefined
  const pending = new Set<Promise<void>>()
  const stream = () => {
    if (opened) return opened
    opened = open()
    // A pipeline that ends with an error of its source hands it to the stream as well.
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
  return {
    get isTTY() {
      return stream().isTTY === true
    },
    get columns() {
      return stream().columns
    },
    write: (text) => send(stream().isTTY ? visible(text) : text),
    paint: (text) => send(stream().isTTY ? visibleBesidesStyles(text) : text),
    bytes: stream,
    async flush() {
      await Promise.all(pending)
      if (failure) throw outputError(failure)
    },
  }
}

/** What a failed write to standard output means. */
function outputError(cause: Error): OutputError {
  const { code = '' } = cause as NodeJS.ErrnoException
  const reason = reasons[code] ?? cause.message
  return new OutputError(`Standard output cannot be written: ${reason}`, { cause })
}

const reasons: Readonly<Record<string, string>> = {
  EPIPE: 'its reader has closed it',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'your disk quota is used up',
  EIO: 'the device has an input/output error',
  EBADF: 'it is closed',
}
