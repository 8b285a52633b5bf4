import type { Socket } from 'node:net'

/** Far more than a command line and a few variables. */
const longestRequest = 64 * 1024
/** A command that neither sends the rest of its request nor reads the response for this long has been stopped. */
const patienceMs = 30_000

/** Runs a command. @returns the response; undefined when the other process has to run it itself */
export type Run = (request: string, signal: AbortSignal) => Promise<Buffer | undefined>

/**
 * The connection of a command that this process runs: it sends the request in one line, then the names of signals that
 * it receives, each in a line. The response is sent when it is complete; without one, the connection just ends.
 */
export function receiveCommand(socket: Socket, text: string, run: Run): void {
  const controller = new AbortController()
  let rest = ''
  let hasBegun = false
  const begin = async (request: string) => {
    hasBegun = true
    const response = await run(request, controller.signal)
    if (response === undefined) socket.destroy()
    else socket.end(response)
  }
  const onData = (data: string) => {
    rest += data
    if (rest.length > longestRequest) return socket.destroy()
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end)
      rest = rest.slice(end + 1)
      if (hasBegun) controller.abort(line)
      else void begin(line)
    }
    return socket
  }
  socket.setTimeout(patienceMs, () => socket.destroy())
  socket.on('close', () => controller.abort())
  socket.on('data', onData)
  onData(text)
}
