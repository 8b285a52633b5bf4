import { Worker } from 'node:worker_threads'
import type { StartThread } from '../../sources/decompress/thread/in-thread.js'

/** A worker thread of Node. Undefined when the process is not allowed to start one (`--permission`). */
export const startThread: StartThread = () => {
  let worker: Worker
  try {
    worker = new Worker(new URL('./decode-thread.js', import.meta.url), { execArgv: [] })
  } catch {
    return undefined
  }
  return {
    post: (message, transferred) => worker.postMessage(message, transferred),
    listen(onMessage, onEnd) {
      worker.on('message', onMessage)
      worker.on('error', onEnd)
      worker.on('exit', (code) => onEnd(new Error(`exit code ${code}`)))
    },
    hold: (isAwaited) => (isAwaited ? worker.ref() : worker.unref()),
    stop: () => void worker.terminate(),
  }
}
