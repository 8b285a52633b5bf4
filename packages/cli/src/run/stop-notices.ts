import type { GatedSurroundings } from '../command/context.js'

/** A cleanup that takes longer than this is announced. */
const slowMs = 500

/**
 * Says at a terminal that a stopped command is still cleaning up, and in any case that a command ended without that.
 * @param isTransfer whether the command has begun something that needs a cleanup
 * @returns a function that ends it
 */
export function announceStops(
  { signal, forced, stderr }: Pick<GatedSurroundings, 'signal' | 'forced' | 'stderr'>,
  isTransfer: () => boolean,
  say: (text: string) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined
  const onStop = () => {
    // After the ^C that a terminal shows; lines of progress are drawn over it.
    if (signal?.reason === 'SIGINT' && stderr.isTTY && !isTransfer()) stderr.write('\n')
    timer = setTimeout(() => {
      if (stderr.isTTY) say(`${String(signal?.reason)}: cleaning up; send it again to stop at once`)
    }, slowMs)
    timer.unref()
  }
  const onForced = () => {
    if (!isTransfer()) return
    stderr.keep([])
    say(`${String(forced?.reason)}: ended before the cleanup was done; \`tyrax gc\` finds what is left`)
  }
  signal?.addEventListener('abort', onStop)
  forced?.addEventListener('abort', onForced)
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onStop)
    forced?.removeEventListener('abort', onForced)
  }
}
