import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A Python program to run: its path and arguments, and where it runs. */
export interface Program {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * Runs Python programs in forks of one process that has loaded the libraries of OpenStack's clients: it takes them
 * longer to load these than to do their work.
 */
export interface Programs {
  /** Resolves to what it printed, and rejects when it fails. */
  run(program: Program): Promise<string>
  close(): Promise<void>
}

/** What the clients load sooner or later, so that the forks find it loaded. */
const modules = [
  'glanceclient.shell',
  'glanceclient.v2.client',
  'glanceclient.v2.shell',
  'keystoneclient.v3.client',
  'openstack.connection',
  'openstackclient.shell',
  'swiftclient.shell',
]

/** @param bin folder of the Python environment's programs */
export async function startPrograms(bin: string): Promise<Programs> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-programs-'))
  const script = fileURLToPath(new URL('programs.py', import.meta.url))
  const child = spawn(path.join(bin, 'python'), [script, ...modules], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', PYTHONWARNINGS: 'ignore' },
  })
  const exited = once(child, 'exit')
  const codes = readCodes(child)
  let started = 0
  return {
    async run({ argv, cwd, env }) {
      const id = (started += 1)
      const [stdout, stderr] = [path.join(folder, `${id}.out`), path.join(folder, `${id}.err`)]
      const ended = codes.of(id)
      child.stdin.write(`${JSON.stringify({ id, argv, cwd, env, stdout, stderr, timeoutSeconds: 120 })}\n`)
      const code = await ended
      const printed = await readFile(stdout, 'utf8')
      if (code === 0) return printed
      const why = `${printed}\n${await readFile(stderr, 'utf8')}`.trim().slice(-3000)
      throw new Error(`${argv.join(' ')} ended with code ${code}:\n${why}`)
    },
    async close() {
      child.stdin.end()
      await exited
      await rm(folder, { recursive: true })
    },
  }
}

/** The exit codes of its forks, which it reports by their ids. */
function readCodes(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }) {
  const waiting = new Map<number, { resolve: (code: number) => void; reject: (error: Error) => void }>()
  createInterface(child.stdout).on('line', (line) => {
    const { id, code } = JSON.parse(line) as { readonly id: number; readonly code: number }
    waiting.get(id)?.resolve(code)
    waiting.delete(id)
  })
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the process that runs the Python programs has ended'))
  })
  return { of: (id: number) => new Promise<number>((resolve, reject) => waiting.set(id, { resolve, reject })) }
}
