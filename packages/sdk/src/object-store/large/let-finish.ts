import { abortReason } from '../../transport/aborting.js'

/** How long a request whose bytes have all been sent may take to be answered after the abort. */
const graceMs = 3000

/**
 * A signal for a request that stores something: it aborts with `signal`, but when all bytes are sent it waits a while for
 * the answer. The server carries such a request out anyway, and only its answer tells what there is to remove.
 */
export function letFinish(
  signal: AbortSignal | undefined,
  isSent: () => boolean,
): { readonly signal: AbortSignal; release(): void } {
  const control = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const onAbort = () => {
    const abort = () => control.abort(signal && abortReason(signal))
    if (isSent()) timer = setTimeout(abort, graceMs)
    else abort()
  }
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  return {
    signal: control.signal,
    release() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}
