import { PassThrough, Readable } from 'node:stream'
import { runCli } from '../run/run-cli.js'
import { bin, runBundle } from './bundle.js'
import type { Ran, RunOptions } from './command-line.js'
import { homeEnv } from './home.js'

/**
 * Runs a command line in this process and collects its output. With `TYRAX_TEST_BUNDLE` set, runs the built bundle in a
 * process of its own instead, unless a terminal is needed.
 */
export async function run(home: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  if (process.env['TYRAX_TEST_BUNDLE'] && !options.isTTY) {
    return runBundle(home, argv, options)
  }
  const stdout = collector(options)
  const stderr = collector(options)
  const { stdin = '' } = options
  const input = stdin instanceof Readable ? stdin : Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)])
  const exitCode = await runCli(argv, {
    env: { ...homeEnv(home), ...options.env },
    cwd: options.cwd ?? home,
    program: [process.execPath, bin],
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
