import type { Readable } from 'node:stream'
import { AbortError, UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'

/**
 * A read that waits for a silent pipe would outlast every signal. On abort it ends with an error, so that the bytes
 * read so far are not mistaken for the whole input; the listener covers the time before the stream is read.
 */
export function endOnAbort(stdin: Readable, signal: AbortSignal): void {
  stdin.on('error', () => {})
  signal.addEventListener('abort', () => stdin.destroy(new AbortError('interrupted')), { once: true })
}

const longestSecret = 64 * 1024

/** The first line of standard input, without its line end. */
export async function readSecret({ surroundings, signal }: Context): Promise<string> {
  const { stdin } = surroundings
  endOnAbort(stdin, signal)
  let text = ''
  for await (const chunk of stdin) {
    text += String(chunk)
    if (text.includes('\n')) break
    if (text.length > longestSecret) {
      throw new UsageError('--password-stdin: the first line of standard input is too long for a password')
    }
  }
  return (text.split('\n')[0] ?? '').replace(/\r$/, '')
}
