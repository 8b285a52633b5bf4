import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'

/** Tracks the socket on which each body is sent. */
export interface FollowedSockets {
  /**
   * The bytes on the connection of `body` that the kernel holds and the peer has not acknowledged; undefined when this
   * is not known: only Linux reports it.
   */
  unacknowledged(body: object): Promise<number | undefined>
  close(): void
}

const channel = 'undici:client:sendHeaders'

/**
 * Node reports when the kernel has taken a write, not when the peer has acknowledged it: with megabytes of send buffer,
 * a slow connection shows no progress for minutes. The kernel's tables show every acknowledgement, so a server that
 * reads slowly can be distinguished from one that has stopped. undici publishes the socket of a request on its
 * diagnostics channel.
 */
export function followSockets(): FollowedSockets {
  if (process.platform !== 'linux') return { unacknowledged: async () => undefined, close() {} }
  const sockets = new WeakMap<object, Socket>()
  const onHeaders = (message: unknown) => {
    const { request, socket } = message as { request: { body?: unknown }; socket: Socket }
    if (typeof request.body === 'object' && request.body !== null) sockets.set(request.body, socket)
  }
  subscribe(channel, onHeaders)
  return {
    async unacknowledged(body) {
      const socket = sockets.get(body)
      if (!socket?.localPort || !socket.remotePort) return undefined
      const table = socket.remoteFamily === 'IPv6' ? 'tcp6' : 'tcp'
      return queueLength(await readFile(`/proc/self/net/${table}`, 'utf8'), socket.localPort, socket.remotePort)
    },
    close: () => unsubscribe(channel, onHeaders),
  }
}

/**
 * The send queue of one connection in a table like /proc/net/tcp (proc_net_tcp in the kernel's documentation): local
 * and remote address with hexadecimal ports, state, then `tx_queue:rx_queue`. Undefined unless exactly one line
 * matches.
 */
export function queueLength(table: string, localPort: number, remotePort: number): number | undefined {
  const lines = table.split('\n').map((line) => line.trim().split(/\s+/))
  const found = lines.filter(
    ([, local = '', remote = '']) => portOf(local) === localPort && portOf(remote) === remotePort,
  )
  const queues = found.length === 1 ? found[0]?.[4] : undefined
  return queues === undefined ? undefined : Number.parseInt(queues, 16)
}

const portOf = (address: string) => Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16)
