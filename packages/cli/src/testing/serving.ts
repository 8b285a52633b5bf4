import { PassThrough, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { runCli } from '../run/run-cli.js'
import { bin } from './bundle.js'
import { homeEnv } from './home.js'

/** The ready line of `tyrax serve --json`. */
export interface Ready {
  readonly ready: true
  readonly authUrl: string
  readonly imageUrl: string
  readonly objectStoreUrl: string
  readonly cloudsYaml: string
  readonly pid: number
}

/** Serves until `use` is done. @returns the output and the exit code */
export async function serving(home: string, argv: readonly string[], use: (line: string) => Promise<void>) {
  const controller = new AbortController()
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  let text = ''
  const lines: string[] = []
  stdout.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const served = runCli(['serve', ...argv], {
    env: homeEnv(home),
    cwd: home,
    program: [process.execPath, bin],
    stdin: Readable.from([]),
    stdout,
    stderr,
    signal: controller.signal,
  })
  try {
    while (!lines.join('').includes('\n')) {
      const ended = await Promise.race([served, sleep(20)])
      if (ended !== undefined) throw new Error(`serve ended with ${ended}: ${text}`)
    }
    await use(lines.join(''))
  } finally {
    controller.abort('SIGTERM')
  }
  return { exitCode: await served, stdout: lines.join(''), stderr: text }
}
