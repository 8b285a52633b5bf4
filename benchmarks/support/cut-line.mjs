import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/**
 * A line to a service whose first long response is cut off after `afterBytes` bytes, as by a router that restarts;
 * later ones pass.
 * @returns {Promise<{ url: string, cutAt: () => number | undefined, close: () => Promise<void> }>} `cutAt` in
 * milliseconds since the epoch
 */
export async function cutLine(upstream, afterBytes) {
  const { hostname, port } = new URL(upstream)
  const sockets = new Set()
  let cutAt
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    let passed = 0
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.on('data', (chunk) => {
      passed += chunk.length
      if (cutAt === undefined && passed >= afterBytes) {
        near.write(chunk)
        near.resetAndDestroy()
        cutAt = Date.now()
      } else if (!near.write(chunk)) {
        far.pause()
        near.once('drain', () => far.resume())
      }
    })
    far.on('end', () => near.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    cutAt: () => cutAt,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
