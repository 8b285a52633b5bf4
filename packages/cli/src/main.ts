import { letGoOfLostTerminal } from '../bin/hang-up.cjs'
import { backgroundWord } from './cloud/background/word.js'
import type { Surroundings } from './command/context.js'
import { exitCodes } from './failure/exit-codes.js'
import { crashText } from './failure/error-text.js'
import { eraseBelow } from './output/footer.js'
import { openGate } from './output/gate.js'
import { runCli } from './run/run-cli.js'
import { jobControl } from './run/job-control.js'
import { followSignals } from './run/stop-signals.js'

const { signal, forced } = followSignals(process)
process.once('exit', letGoOfLostTerminal)
// Node would print the line of the bundle, which is all of its code.
process.on('uncaughtException', (error: unknown) => {
  const { stderr, env } = process
  // The lines of transfers that may be there.
  if (stderr.isTTY && env['TERM'] !== 'dumb') stderr.write(eraseBelow)
  openGate(() => stderr).write(crashText(error, { withStack: process.argv.includes('--debug') }))
  process.exit(exitCodes.failure)
})

// Streams are opened on first use: most commands never read.
const surroundings: Surroundings = {
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
  program: [process.execPath, process.argv[1] ?? ''],
  signal,
  forced,
  endsProcess: true,
  job: jobControl(process),
}

async function main([first, ...rest]: readonly string[]): Promise<number> {
  if (first !== backgroundWord) return runCli(process.argv.slice(2), surroundings)
  const [{ runBackground }, { createRunInside }] = await Promise.all([
    import('./cloud/background/run-background.js'),
    import('./run/run-inside.js'),
  ])
  const { program, env } = surroundings
  return runBackground(rest[0] ?? '', { program, env, signal, createRun: createRunInside })
}

const ended = main(process.argv.slice(2))
void (async () => {
  // Without this, Node would first tear down things that end with the process anyway.
  process.exit(await ended)
})()
