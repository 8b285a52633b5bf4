import { closeSync, realpathSync, writeSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EmbeddedCloud, Logger } from '@tyrax/server'
import { bundleIdentity } from '../../../bin/inside-cloud.cjs'
import { FolderTaken } from '../../errors.js'
import { exitCodes } from '../../failure/exit-codes.js'
import { jsonText, oneLine } from '../../output/visible.js'
import { version } from '../../version.js'
import { startServer } from '../start-server.js'
import { openControl, type Wish } from './control.js'
import { failureText, successText } from './outcome.js'
import { receiveCommand, type Run } from './receive-command.js'
import { announce, newSecret, readRunning, release } from './record.js'
import { outcomeDescriptor } from './word.js'

/** Long enough for a person to read the output of one command and type the next. */
const defaultIdleMs = 60_000
/** How often it checks whether it is still needed. */
const checkMs = 1000
/** Long enough for the process that had the folder before to close it. */
const takeOverMs = 10_000

interface BackgroundSurroundings {
  /** Node and the script. */
  readonly program: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  /** Creates what runs commands of other processes. */
  readonly createRun: (cloud: { folder: string; authUrl: string; username: string; password: string }) => Run
}

/**
 * Runs the embedded cloud of a folder for all commands that use it, and ends when none has for a while, or when the
 * folder has been removed. This is the whole program of a background process.
 * @returns the exit code
 */
export async function runBackground(
  folder: string,
  { program, env, signal, createRun }: BackgroundSurroundings,
): Promise<number> {
  const key = newSecret()
  const password = newSecret()
  let cloud: EmbeddedCloud
  try {
    cloud = await startInFreed(folder, password)
  } catch (error) {
    log(error instanceof Error ? error.message : String(error))
    report(failureText(error))
    return exitCodes.failure
  }
  const ending = new AbortController()
  const { authUrl } = cloud
  const login = { authUrl, username: 'demo', password }
  const run = createRun({ folder, ...login })
  const accept = (wish: Wish, commands: number) => {
    if (wish === 'status') return true
    if (ending.signal.aborted || (wish === 'yield' && (commands > 0 || cloud.activity().isBusy))) return false
    if (wish === 'yield' || wish === 'stop') ending.abort(`a command asked for it (${wish})`)
    return true
  }
  const control = await openControl(key, accept, (socket, text) => receiveCommand(socket, text, run))
  signal.addEventListener('abort', () => ending.abort(String(signal.reason)))
  const { port, name } = control
  const address = { port, key, ...(name !== undefined && { name }) }
  await announce(folder, { ...login, control: address, isBackground: true, bundle: bundleOf(program) })
  log(`tyrax ${version} runs the cloud of ${folder} at ${authUrl}`)
  report(successText())

  const isOurs = async () => (await readRunning(folder).catch(() => undefined))?.control.key === key
  await untilNotNeeded({ cloud, idleMs: idleMsOf(env), isOurs, commands: () => control.commands(), ending })
  log(`ends: ${String(ending.signal.reason)}`)
  // Closing the database would fail in a folder that is no longer there.
  if (!(await isOurs())) return exitCodes.ok
  await release(folder, address)
  await cloud.close()
  // Last, because others wait for it.
  await control.close()
  return exitCodes.ok
}

/** Commands of another bundle are not run here. */
function bundleOf([, script = '']: readonly string[]): string | undefined {
  try {
    return bundleIdentity(path.resolve(realpathSync(script), '..', '..'))
  } catch {
    return undefined
  }
}

function idleMsOf(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env['TYRAX_EMBEDDED_IDLE'] || Number.NaN)
  return seconds > 0 ? seconds * 1000 : defaultIdleMs
}

/** Waits while the process that had the folder before is ending. */
async function startInFreed(folder: string, password: string): Promise<EmbeddedCloud> {
  const deadline = Date.now() + takeOverMs
  for (;;) {
    try {
      return await startServer({ port: 0, data: folder, password, log: logger })
    } catch (error) {
      const other = error instanceof FolderTaken ? await readRunning(folder) : undefined
      if (!(error instanceof FolderTaken) || other?.isRunning === true || Date.now() > deadline) throw error
      await sleep(50)
    }
  }
}

interface Watched {
  readonly cloud: EmbeddedCloud
  readonly idleMs: number
  readonly isOurs: () => Promise<boolean>
  readonly commands: () => number
  readonly ending: AbortController
}

async function untilNotNeeded({ cloud, idleMs, isOurs, commands, ending }: Watched): Promise<void> {
  let usedAt = performance.now()
  let requests = 0
  while (!ending.signal.aborted) {
    const activity = cloud.activity()
    if (commands() > 0 || activity.isBusy || activity.requests !== requests) usedAt = performance.now()
    requests = activity.requests
    if (performance.now() - usedAt >= idleMs) return ending.abort(`no command has used it for ${idleMs / 1000} s`)
    if (!(await isOurs())) return ending.abort('its folder was removed, or another process announced itself there')
    await sleep(Math.min(checkMs, idleMs), undefined, { signal: ending.signal }).catch(() => undefined)
  }
}

/** The command may have ended already. */
function report(text: string): void {
  try {
    writeSync(outcomeDescriptor, text)
    closeSync(outcomeDescriptor)
  } catch {}
}

/** Standard error is the log file. */
function log(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${process.pid} ${oneLine(text)}\n`)
}

const logger: Logger = {
  debug() {},
  info() {},
  warn: (fields, message) => log(`${message} ${jsonText(fields)}`),
  error: (fields, message) => log(`${message} ${jsonText(fields)}`),
}
