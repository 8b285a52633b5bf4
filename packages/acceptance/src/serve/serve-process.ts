import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { program } from '../command/tyrax.js'

/** `tyrax serve` in a process of its own, as users run it. */
export interface ServeProcess {
  readonly authUrl: string
  readonly imageUrl: string
  readonly cloudsYaml: string
  /** Sends SIGTERM, and resolves to the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL: no handler runs, nothing is cleaned up. */
  kill(): Promise<void>
}

/** Starts `tyrax serve --port 0 --json` with more arguments, and waits until it is ready. */
export async function startServe(...more: readonly string[]): Promise<ServeProcess> {
  const server = spawn(process.execPath, [program, 'serve', '--port', '0', '--json', ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(server, 'exit')
  const early = exited.then(([code]) => {
    throw new Error(`tyrax serve ended with code ${String(code)} before it was ready`)
  })
  const [line] = (await Promise.race([once(createInterface(server.stdout), 'line'), early])) as [string]
  early.catch(() => {})
  const ready = JSON.parse(line) as { authUrl: string; imageUrl: string; cloudsYaml: string; pid: number }
  if (ready.pid !== server.pid) throw new Error(`tyrax serve says it is process ${ready.pid}, not ${server.pid}`)
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode === null && server.signalCode === null) server.kill(signal)
    await exited
  }
  return {
    authUrl: ready.authUrl,
    imageUrl: ready.imageUrl,
    cloudsYaml: ready.cloudsYaml,
    async stop() {
      await end('SIGTERM')
      return server.exitCode
    },
    kill: () => end('SIGKILL'),
  }
}
