import { parentPort } from 'node:worker_threads'
import { serveDecoder } from '../../sources/decompress/thread/serve-decoder.js'

serveDecoder({
  post: (message, transferred) => parentPort?.postMessage(message, [...transferred]),
  listen: (listener) => parentPort?.on('message', listener),
})
