import type { Readable } from 'node:stream'
import { fromFile, fromStream, fromUrl, UsageError, type Source } from '@tyrax/sdk'
import type { Context } from '../context.js'
import { pathOf } from './path-of.js'

interface FileOptions {
  readonly urls: boolean
  /** Of standard input, in bytes. */
  readonly size?: number | undefined
}

/** What `--file` names: a path, `-` for standard input, or a URL where `urls` are allowed. */
export function sourceOfFile(context: Context, file: string, { urls, size }: FileOptions): Source {
  if (file === '-') {
    const { stdin } = context.surroundings
    if (stdin.isTTY) {
      throw new UsageError('Standard input is a terminal: there is no data to read', {
        hint: 'pipe the data in, or give --file PATH',
      })
    }
    endOnAbort(stdin, context.signal)
    return fromStream(stdin, { size, label: 'standard input' })
  }
  if (size !== undefined) {
    throw new UsageError('--size is for standard input: what is read by name has a size of its own')
  }
  if (/^https?:\/\//i.test(file)) {
    const { idleTimeout, retries } = context.globals
    if (urls) return fromUrl(file, { idleTimeoutMs: idleTimeout, retry: retries === undefined ? {} : { retries } })
    throw new UsageError('--file takes a path or - here, not a URL', { hint: `curl -L URL | tyrax … --file -` })
  }
  if (file === '') throw new UsageError('--file is empty', { hint: 'give a path, or - for standard input' })
  return fromFile(pathOf(context, file))
}

/**
 * A read that waits for a silent pipe would outlast every signal. It ends with an error, so that what came is not
 * taken for all there is; the listener is for the time before anybody reads.
 */
export function endOnAbort(stdin: Readable, signal: AbortSignal): void {
  stdin.on('error', () => {})
  signal.addEventListener('abort', () => stdin.destroy(new Error('interrupted')), { once: true })
}
