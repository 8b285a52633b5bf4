import type { Socket } from 'node:net'

type WriteCallback = (error?: Error | null) => void
type Write = (chunk: unknown, encoding: unknown, done: WriteCallback) => void
type Writev = (chunks: unknown, done: WriteCallback) => void

/** How long to wait for a response after the peer has stopped accepting data. */
const lingerMs = 1000

/**
 * If a server responds with 413 and closes while the client still writes, the next write fails and Node destroys the
 * socket without reading the response (RFC 9112 section 9.5 asks clients to look for it). A failed write is therefore
 * reported late, so that the data that has arrived is read first.
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
