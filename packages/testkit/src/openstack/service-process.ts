import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunFolder } from './run-folder.js'
import { LaunchError } from './launch-error.js'
import { identify } from './process-identity.js'
import { signalGroup } from './process-group.js'
import { supportFile } from './support-files.js'

export interface ServiceCommand {
  readonly name: string
  readonly python: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** A server that we started in a process group of its own, and that we stop. */
export interface ServiceProcess {
  readonly name: string
  readonly pid: number
  /**
   * Resolves when it responds.
   * @throws LaunchError with the end of its log when it exits first or takes longer than the limit.
   */
  ready(answers: () => Promise<boolean>, limitSeconds: number): Promise<void>
  /** Ends it and everything it started: with SIGTERM, and after a few seconds with SIGKILL. */
  stop(): Promise<void>
  /** Ends it and everything it started with SIGKILL, whatever it is doing. */
  kill(): Promise<void>
}

/** How long a server may take to end by itself, in milliseconds. */
const patience = 5000

export async function startService(run: RunFolder, what: ServiceCommand): Promise<ServiceProcess> {
  const { name, python, command, args, cwd, env } = what
  const logFile = path.join(run.logs, `${name}.log`)
  const log = openSync(logFile, 'a')
  const child = spawn(python, [supportFile('with_parent.py'), String(process.pid), command, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const [failed] = (await Promise.race([once(child, 'spawn').then(() => []), once(child, 'error')])) as unknown[]
  if (failed !== undefined || child.pid === undefined)
    throw new LaunchError(`${name} could not be started: ${String(failed)}`)
  const { pid } = child
  const pidFile = path.join(run.pids, `${name}.json`)
  await writeFile(pidFile, JSON.stringify(await identify(pid)))
  const lastWords = async () => (await readFile(logFile, 'utf8')).slice(-3000)
  // When this process ends without close(), its exit handler is the last chance to end the group.
  const atExit = () => signalGroup(pid, 'SIGKILL')
  process.once('exit', atExit)

  const untilGone = async () => {
    const deadline = Date.now() + patience
    while (signalGroup(pid, 0) && Date.now() < deadline) await sleep(50)
  }
  const kill = async () => {
    signalGroup(pid, 'SIGKILL')
    if (!hasEnded(child)) await once(child, 'exit')
    await untilGone()
    process.off('exit', atExit)
    await rm(pidFile, { force: true })
    run.services.delete(service)
  }

  const service: ServiceProcess = {
    name,
    pid,
    async ready(answers, limitSeconds) {
      const deadline = Date.now() + limitSeconds * 1000
      while (!(await answers())) {
        if (hasEnded(child))
          throw new LaunchError(
            `${name} ended while it was starting (code ${String(child.exitCode)}):\n${await lastWords()}`,
          )
        if (Date.now() > deadline)
          throw new LaunchError(`${name} did not answer within ${limitSeconds} s:\n${await lastWords()}`)
        await sleep(100)
      }
    },
    async stop() {
      signalGroup(pid, 'SIGTERM')
      await untilGone()
      await kill()
    },
    kill,
  }
  run.services.add(service)
  return service
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
