import type { Socket } from 'node:net'

type WriteCallback = (error?: Error | null) => void
type Write = (chunk: unknown, encoding: unknown, done: WriteCallback) => void
type Writev = (chunks: unknown, done: WriteCallback) => void

/** How long an answer may still come after the peer stopped taking our bytes. */
const lingerMs = 1000

/**
 * A server that answers 413 and closes while we still write makes the next write fail, and Node then destroys the
 * socket with the answer unread in it (RFC 9112 section 9.5 asks to look for the answer). Here a broken write is
 * reported late, so that what has arrived is read first.
 */
export function readBeforeWriteErrors(socket: Socket): Socket {
  const target = socket as unknown as { _write: Write; _writev: Writev | null }
  const write = target._write
  const writev = target._writev
  target._write = function lingering(chunk, encoding, done) {
    write.call(socket, chunk, encoding, late(socket, done))
  }
  if (writev) {
    target._writev = function lingering(chunks, done) {
      writev.call(socket, chunks, late(socket, done))
    }
  }
  return socket
}

function late(socket: Socket, done: WriteCallback): WriteCallback {
  return (error) => {
    const code = error ? (error as NodeJS.ErrnoException).code : undefined
    if (code !== 'EPIPE' && code !== 'ECONNRESET') {
      done(error)
      return
    }
    const report = () => {
      clearTimeout(timer)
      socket.off('close', report)
      done(error)
    }
    const timer = setTimeout(report, lingerMs)
    socket.once('close', report)
  }
}
