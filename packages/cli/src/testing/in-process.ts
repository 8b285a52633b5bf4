import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterAll } from 'vitest'
import { runCli } from '../run-cli.js'

/** What one command line did. */
export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stdoutBytes: Buffer
  readonly stderr: string
}

/** How a test's command line is surrounded. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array | Readable
  readonly isTTY?: boolean
  readonly columns?: number
  readonly signal?: AbortSignal
  readonly cwd?: string
}

const homes: string[] = []
afterAll(() => Promise.all(homes.splice(0).map((home) => rm(home, { recursive: true, force: true }))))

/** A home of its own, gone after the file's tests: commands see none of this machine's configuration. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'tyrax-cli-test-'))
  homes.push(home)
  return home
}

/** The variables that make `home` the only home. */
export function homeEnv(home: string): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
  }
}

/**
 * Runs a command line in this process and collects what it wrote. With `TYRAX_TEST_BUNDLE` set, in a process of its own
 * from the built bundle, wherever no terminal is needed.
 */
export async function run(home: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  if (process.env['TYRAX_TEST_BUNDLE'] && !options.isTTY) {
    const { runBundle } = await import('./bundle.js')
    return runBundle(home, argv, options)
  }
  const stdout = collector(options)
  const stderr = collector(options)
  const { stdin = '' } = options
  const input = stdin instanceof Readable ? stdin : Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)])
  const exitCode = await runCli(argv, {
    env: { ...homeEnv(home), ...options.env },
    cwd: options.cwd ?? home,
    stdin: Object.assign(input, { isTTY: options.isTTY ?? false }),
    stdout: stdout.stream,
    stderr: stderr.stream,
    ...(options.signal ? { signal: options.signal } : {}),
  })
  return { exitCode, stdout: stdout.bytes().toString(), stdoutBytes: stdout.bytes(), stderr: stderr.bytes().toString() }
}

function collector({ isTTY = false, columns = 80 }: RunOptions) {
  const chunks: Buffer[] = []
  const stream = new PassThrough()
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return {
    stream: Object.assign(stream, isTTY ? { isTTY, columns } : {}),
    bytes: () => Buffer.concat(chunks),
  }
}
