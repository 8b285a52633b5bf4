import type { StartThread } from '../../sources/decompress/thread/in-thread.js'
import type { FromThread } from '../../sources/decompress/thread/messages.js'

/**
 * A Web Worker running the module next to this one. Undefined where the page's policy or another origin forbids
 * workers, and where modules are served unbundled: a worker has no import map to resolve their imports.
 */
export const startThread: StartThread = () => {
  let worker: Worker
  try {
    worker = new Worker(new URL('./decode-thread.js', import.meta.url), { type: 'module' })
  } catch {
    return undefined
  }
  return {
    post: (message, transferred) => worker.postMessage(message, [...transferred]),
    listen(onMessage, onEnd) {
      worker.addEventListener('message', ({ data }: MessageEvent<FromThread>) => onMessage(data))
      worker.addEventListener('error', (event) => {
        event.preventDefault()
        onEnd(new Error(event.message))
      })
      worker.addEventListener('messageerror', () => onEnd(new Error('a message could not be read')))
    },
    hold: () => undefined,
    stop: () => worker.terminate(),
  }
}
