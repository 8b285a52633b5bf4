import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Ran, RunOptions } from './command-line.js'
import { homeEnv } from './home.js'

/** The command as it is installed. */
export const bin = fileURLToPath(new URL('../../bin/tyrax.js', import.meta.url))

/** Starts the built bundle, which is what users have, in a process of its own. It sees only `env`. */
export async function startBundle(
  home: string,
  argv: readonly string[],
  { env, cwd = home }: Pick<RunOptions, 'env' | 'cwd'> = {},
): Promise<ChildProcess> {
  await access(fileURLToPath(new URL('../../dist/tyrax.cjs', import.meta.url))).catch((cause: unknown) => {
    throw new Error('the bundle is not there: npm run build makes it', { cause })
  })
  return spawn(process.execPath, [bin, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'], ...homeEnv(home), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Runs a command line as users do, and collects its output. A signal is sent to the process. */
export async function runBundle(home: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = await startBundle(home, argv, options)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  const { stdin = '', signal } = options
  const end = () => child.kill(signal?.reason as NodeJS.Signals)
  // A signal that is already aborted is sent once the command has begun: earlier, it would end Node itself.
  if (signal?.aborted) child.stdout?.once('data', end)
  else signal?.addEventListener('abort', end)
  // A command that ends before it has read all input breaks the pipe.
  child.stdin?.on('error', () => undefined)
  if (stdin instanceof Readable) stdin.pipe(child.stdin as NonNullable<typeof child.stdin>)
  else child.stdin?.end(stdin)
  const [exitCode] = (await once(child, 'close')) as [number | null]
  const stdoutBytes = Buffer.concat(stdout)
  return {
    exitCode: exitCode ?? -1,
    stdout: stdoutBytes.toString(),
    stdoutBytes,
    stderr: Buffer.concat(stderr).toString(),
  }
}
