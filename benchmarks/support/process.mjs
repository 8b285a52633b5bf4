import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/**
 * Runs a program until it exits.
 * @returns {Promise<{ seconds: number, stdout: string }>} `seconds` from start to exit
 * @throws Error with its output when it fails
 */
export async function run(command, args, { env = process.env } = {}) {
  const start = performance.now()
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = Promise.all([text(child.stdout), text(child.stderr)])
  const [code, signal] = await once(child, 'close')
  const seconds = (performance.now() - start) / 1000
  const [stdout, stderr] = await output
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code ?? signal}: ${stderr.trim().slice(-2000)}`)
  return { seconds, stdout }
}

/** Runs one of `workers/`, which prints one line of JSON, and resolves to that. */
export async function work(worker, input) {
  const file = new URL(`../workers/${worker}.mjs`, import.meta.url).pathname
  const { stdout } = await run(process.execPath, [file, JSON.stringify(input)])
  return JSON.parse(stdout)
}

/**
 * Starts a program that reports with one line of JSON that it is ready.
 * @returns {Promise<{ ready: object, seconds: number, stop: () => Promise<void>, pid: number }>} `seconds` until that line
 */
export async function start(command, args, { env = process.env } = {}) {
  const begin = performance.now()
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close')
  let said = ''
  child.stderr.on('data', (chunk) => (said += chunk))
  const line = await new Promise((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += chunk
      if (printed.includes('\n')) resolve(printed.slice(0, printed.indexOf('\n')))
    })
    closed.then(
      ([code]) => reject(new Error(`${args.join(' ')} ended with ${code} before it was ready: ${said}`)),
      reject,
    )
  })
  const seconds = (performance.now() - begin) / 1000
  const stop = async () => {
    child.kill('SIGTERM')
    await closed
  }
  return { ready: JSON.parse(line), seconds, stop, pid: child.pid }
}
