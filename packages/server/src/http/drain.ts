import type { IncomingMessage, ServerResponse } from 'node:http'

/** For this long, and no more than this, the sender of a body that is not wanted is heard out. */
const drainMs = 500
const mostDrainedBytes = 64 * 1024 ** 2

/**
 * Takes in what is left of a request's body once the response is out, so that a client that sends everything before it
 * reads gets the response, and can use its connection again. The connection of one that goes on and on is ended.
 */
export function drainAfter(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.once('close', () => {
    if (incoming.readableEnded || incoming.destroyed) return
    let bytes = 0
    const end = () => {
      settle()
      incoming.socket.destroySoon()
    }
    const settle = () => {
      clearTimeout(timer)
      incoming.off('data', count).off('end', settle).off('close', settle).off('error', settle)
    }
    const count = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > mostDrainedBytes) end()
    }
    const timer = setTimeout(end, drainMs)
    timer.unref()
    incoming.on('data', count).on('end', settle).on('close', settle).on('error', settle).resume()
  })
}
