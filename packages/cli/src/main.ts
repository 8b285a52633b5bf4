import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { runCli } from './run-cli.js'

const controller = new AbortController()
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(name, () => {
    // The second time, whoever sends it does not want to wait for the cleaning up.
    if (controller.signal.aborted) process.exit(code)
    controller.abort(name)
  })
}
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    controller.abort(error)
  })
}

let stdoutIsClosed = false

// Streams are opened when they are first asked for: most commands never read.
const ended = runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  get stdin() {
    return process.stdin
  },
  get stdout() {
    return process.stdout
  },
  get stderr() {
    return process.stderr
  },
  closeStdout() {
    if (stdoutIsClosed) return
    stdoutIsClosed = true
    closeSync(1)
    // The number goes to what is opened next, and Node never closes the first three: it must not be a socket.
    openSync(devNull, 'w')
  },
  signal: controller.signal,
})
void (async () => {
  process.exitCode = await ended
})()
