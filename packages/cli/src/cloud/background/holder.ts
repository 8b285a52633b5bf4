import { setTimeout as sleep } from 'node:timers/promises'
import { TyraxError } from '@tyrax/sdk'
import { presenceOf } from '@tyrax/server/process-identity'
import { ask } from './control.js'
import { readRunning } from './record.js'
import { logFile } from './word.js'

/** The fields of {@link statusOf}. */
export const statusColumns = [
  'state',
  'data',
  'pid',
  'background',
  'auth_url',
  'version',
  'started_at',
  'commands',
  'log',
] as const

/** What runs the cloud of a folder, as one record. */
export async function statusOf(folder: string): Promise<Record<(typeof statusColumns)[number], unknown>> {
  const running = await readRunning(folder)
  const answer = running && running.isRunning !== false ? await ask(running.control, 'status') : undefined
  return {
    state: answer ? 'running' : 'stopped',
    data: folder,
    ...(running && answer
      ? {
          pid: running.pid,
          background: running.isBackground,
          auth_url: running.authUrl,
          version: running.version,
          started_at: running.startedAt,
          commands: answer.commands,
          log: running.isBackground ? logFile(folder) : null,
        }
      : { pid: null, background: null, auth_url: null, version: null, started_at: null, commands: 0, log: null }),
  }
}

/** Long enough to end transfers and close the database. */
const mostPolls = 200
const pollMs = 50

/**
 * Ends the process that runs the cloud of a folder, and waits for it.
 * @returns its process id; undefined when there is none
 */
export async function stopHolder(folder: string): Promise<number | undefined> {
  const running = await readRunning(folder)
  if (running === undefined || running.isRunning === false) return undefined
  const asked = await ask(running.control, 'stop')
  if (asked?.ok === true) await asked.ended()
  for (let poll = 0; poll < mostPolls; poll += 1) {
    // Where nothing tells whether the process exists, it has ended when its port is closed.
    if (presenceOf(running.identity) !== 'running') return asked === undefined ? undefined : running.pid
    await sleep(pollMs)
  }
  throw new TyraxError(`Process ${running.pid} holds the embedded cloud in ${folder} and does not end`, {
    hint: `end it with: kill ${running.pid}`,
  })
}

/** Makes an idle background process leave the folder to the caller, if there is one. */
export async function takeOver(folder: string): Promise<void> {
  const running = await readRunning(folder)
  if (running?.isBackground !== true || running.isRunning === false) return
  const yielded = await ask(running.control, 'yield')
  if (yielded?.ok === true) await yielded.ended()
}
