import { serveDecoder } from '../../sources/decompress/thread/serve-decoder.js'
import type { ToThread } from '../../sources/decompress/thread/messages.js'

serveDecoder({
  post: (message, transferred) => self.postMessage(message, { transfer: [...transferred] }),
  listen: (listener) => self.addEventListener('message', ({ data }: MessageEvent<ToThread>) => listener(data)),
})
