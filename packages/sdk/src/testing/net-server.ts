import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A server on the level of bytes, for behaviour that no HTTP server has. */
export interface NetServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly sockets: Set<Socket>
}

export async function netServer(onConnection: (socket: Socket) => void): Promise<NetServer> {
  const sockets = new Set<Socket>()
  const server = createServer({ pauseOnConnect: false }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

/** A port where nothing listens. */
export async function unusedPort(): Promise<number> {
  await using server = await netServer(() => undefined)
  return server.port
}
