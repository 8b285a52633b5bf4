import type { IncomingMessage, ServerResponse } from 'node:http'

/** The body of a refused request is read until nothing has come for this long, for at most this long, and at most this much. */
const idleMs = 1000
const longestDrainMs = 30_000
const mostDrainedBytes = 64 * 1024 ** 2

/**
 * Takes in what is left of a request's body once the response is out, so that a client that sends everything before it
 * reads gets the response, and can use its connection again. The connection of one that goes on and on is ended.
 */
export function drainAfter(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.once('close', () => {
    if (incoming.readableEnded || incoming.destroyed) return
    let bytes = 0
    const start = performance.now()
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
      if (bytes > mostDrainedBytes || performance.now() - start > longestDrainMs) end()
      else timer.refresh()
    }
    const timer = setTimeout(end, idleMs)
    timer.unref()
    incoming.on('data', count).on('end', settle).on('close', settle).on('error', settle).resume()
  })
}
