import type { Writable } from 'node:stream'
import { TyraxError } from '@tyrax/sdk'
import { visible, visibleBesidesStyles } from './visible.js'

/** A stream of the process, as it is passed in. */
export type OutputStream = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined }

/**
 * The only way to stdout and stderr. On a terminal, characters that it would interpret or hide are shown as escapes;
 * into a pipe or a file, text passes unchanged.
 */
export interface Gate {
  readonly isTTY: boolean
  /** Width of the terminal; undefined when the stream is not one. */
  readonly columns: number | undefined
  /** Writes text, in which only line breaks and tabs reach a terminal as they are. */
  write(text: string): void
  /** Writes text that contains our own styles, around text that is already safe. */
  paint(text: string): void
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
export function openGate(open: () => OutputStream): Gate {
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
      // Bytes that a pipeline has passed on may still be waiting for a slow reader. A write of nothing ends after them.
      if (opened && !opened.destroyed && opened.writableLength > 0) send('')
      await Promise.all(pending)
      if (failure) throw outputError(failure)
    },
  }
}

/** Explains a failed write to standard output. */
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
