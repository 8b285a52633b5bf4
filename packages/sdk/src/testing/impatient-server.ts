import { spawn } from 'node:child_process'
import { once } from 'node:events'

const script = `
const { createServer } = require('node:net')
const server = createServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', () => {
    socket.pause()
    const answer = 'HTTP/1.1 ' + process.argv[1] + ' No\\r\\ncontent-length: 8\\r\\nconnection: close\\r\\n\\r\\ntoo much'
    socket.write(answer, () => socket.destroy())
  })
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => process.exit()).resume()
`

/**
 * Responds with `status` as soon as a byte arrives, and closes without reading further, so that the connection is
 * reset. Runs in a process of its own: in ours, one event loop would send its response before our next write.
 */
export async function impatientServer(status: number): Promise<{ url: string } & AsyncDisposable> {
  const child = spawn(process.execPath, ['-e', script, String(status)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    url: `http://127.0.0.1:${String(port).trim()}`,
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}
