import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { LaunchError } from './launch-error.js'

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  /** @default 120 */
  readonly timeoutSeconds?: number
}

/**
 * Runs a command until it exits and resolves to its output.
 * @throws LaunchError with the end of its output when it fails or takes too long.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { timeoutSeconds = 120, input, cwd, env } = options
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: timeoutSeconds * 1000,
    killSignal: 'SIGKILL',
  })
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  // A child that exits before it reads its input breaks the pipe; its exit code says why.
  child.stdin.on('error', () => {})
  child.stdin.end(input ?? '')
  const outcome = await Promise.all([closed, text(child.stdout), text(child.stderr)]).catch((error: unknown) => {
    throw new LaunchError(`${command} could not be run: ${String(error)}`)
  })
  const [[code, signal], stdout, stderr] = outcome
  if (code === 0) return stdout
  const how = signal ? `was ended by ${signal} (its limit is ${timeoutSeconds} s)` : `ended with code ${String(code)}`
  throw new LaunchError(`${[command, ...args].join(' ')} ${how}:\n${`${stdout}\n${stderr}`.trim().slice(-3000)}`)
}
