import { Readable, Writable } from 'node:stream'
import type { Run } from '../cloud/background/receive-command.js'
import type { Inside } from '../command/context.js'
import type { OutputStream } from '../output/gate.js'
import { openInside, type OwnCloud } from './inside.js'
import { runCli } from './run-cli.js'

/** A stream of the process that asks. */
interface Look {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** A command line, and all that it can know of the process that asks: bin/inside-cloud.cjs sends it. */
interface Request {
  readonly argv: readonly string[]
  /** The variables that commands read; null for one that is not set. */
  readonly env: Readonly<Record<string, string | null>>
  readonly cwd: string
  readonly stdout: Look
  readonly stderr: Look
  /** How writing to standard output failed, and the signal that came before. */
  readonly failure?: { readonly code: string; readonly message: string; readonly signal: string | null }
}

/** They share one thread: more at once would only take more memory. */
const mostAtOnce = 4
const mostWaiting = 512
const longestOutput = 1024 * 1024
/** A request that was refused, such as a long list, is not tried again for this time. */
const refusedMs = 60_000
const mostRemembered = 64

/** @param own the cloud that this process runs */
export function createRunInside(own: OwnCloud): Run {
  const open = openInside(own)
  const waiting: (() => void)[] = []
  const refused = new Map<string, number>()
  let running = 0
  const wasRefused = (text: string) => performance.now() - (refused.get(text) ?? Number.NEGATIVE_INFINITY) < refusedMs
  const remember = (text: string) => {
    if (refused.size >= mostRemembered) refused.clear()
    refused.set(text, performance.now())
  }
  return async (text, signal) => {
    if (waiting.length >= mostWaiting || wasRefused(text)) return undefined
    if (running < mostAtOnce) running += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      const response = await run(JSON.parse(text) as Request, open, signal)
      if (response === undefined) remember(text)
      return response
    } catch {
      return undefined
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

async function run(
  { argv, env, cwd, stdout, stderr, failure }: Request,
  open: (onRefused: () => void) => Inside,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const ending = new AbortController()
  const onRefused = () => ending.abort()
  const inside = open(onRefused)
  const output = new Output(onRefused)
  const stopping = new AbortController()
  const failing = failure && {
    error: Object.assign(new Error(failure.message), { code: failure.code, syscall: 'write' }),
    before: () => (failure.signal === null ? undefined : stopping.abort(failure.signal)),
  }
  const exitCode = await runCli(argv, {
    env: sent(env, () => inside.refuse()),
    cwd,
    program: [],
    stdin: Readable.from([]),
    stdout: output.stream(1, stdout, failing),
    stderr: output.stream(2, stderr),
    signal: AbortSignal.any([signal, stopping.signal, ending.signal]),
    inside,
  })
  return ending.signal.aborted ? undefined : output.response(exitCode)
}

/** The environment of the other process. What was not sent is not known. */
function sent(env: Request['env'], refuse: () => never): NodeJS.ProcessEnv {
  return new Proxy<NodeJS.ProcessEnv>(
    {},
    {
      get: (_, name) => (typeof name === 'string' && Object.hasOwn(env, name) ? (env[name] ?? undefined) : refuse()),
      ownKeys: refuse,
      has: refuse,
    },
  )
}

/** What a command prints, in order. */
class Output {
  readonly #parts: { readonly fd: number; readonly bytes: Buffer }[] = []
  readonly #onTooLong: () => void
  #size = 0

  constructor(onTooLong: () => void) {
    this.#onTooLong = onTooLong
  }

  stream(fd: number, look: Look, failing?: { readonly error: Error; readonly before: () => void }): OutputStream {
    const stream = new Writable({
      write: (bytes: Buffer, _, done) => {
        if (failing) {
          failing.before()
          return done(failing.error)
        }
        this.#size += bytes.length
        if (this.#size > longestOutput) this.#onTooLong()
        else this.#parts.push({ fd, bytes })
        return done()
      },
    })
    return Object.assign(stream, look)
  }

  response(exitCode: number): Buffer {
    const parts = this.#parts.map(({ fd, bytes }) => [fd, bytes.length])
    return Buffer.concat([
      Buffer.from(`${JSON.stringify({ exitCode, parts })}\n`),
      ...this.#parts.map(({ bytes }) => bytes),
    ])
  }
}
