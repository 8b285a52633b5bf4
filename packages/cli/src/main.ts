import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { exitCodes } from './failure/exit-codes.js'
import { crashText } from './failure/error-text.js'
import { openGate } from './output/gate.js'
import { runCli } from './run/run-cli.js'
import { followSignals, letGoOfLostTerminal } from './run/stop-signals.js'

const controller = followSignals(process, (signal) => {
  if (process.stderr.isTTY)
    openGate(() => process.stderr).write(`\n${signal}: cleaning up; send it again to stop at once\n`)
})
process.once('exit', letGoOfLostTerminal)
// Node would print the line of the bundle, which is all of its code.
process.on('uncaughtException', (error: unknown) => {
  openGate(() => process.stderr).write(crashText(error, { withStack: process.argv.includes('--debug') }))
  process.exit(exitCodes.failure)
})

let stdoutIsClosed = false

// Streams are opened on first use: most commands never read.
const ended = runCli(process.argv.slice(2), {
  env: process.env,
  get cwd() {
    return process.cwd()
  },
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
    // The next file that is opened gets this descriptor, and Node never closes the first three: it must not be a
    // socket.
    openSync(devNull, 'w')
  },
  signal: controller.signal,
})
void (async () => {
  // Without this, Node would first tear down things that end with the process anyway.
  process.exit(await ended)
})()
