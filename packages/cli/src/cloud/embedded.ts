import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cloud, ConnectionError, type ConnectOptions } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { FolderTaken } from '../errors.js'
import { version } from '../version.js'
import { ask } from './background/control.js'
import { readRunning, type RunningCloud } from './background/record.js'
import { logFile } from './background/word.js'
import { connectTo } from './connect-to.js'
import { embeddedFolder } from './paths.js'
import { tokenInFile } from './token-cache.js'

/**
 * The embedded cloud in the user's data folder, which all commands share: the one that `tyrax serve` runs there, or one
 * that a process in the background runs, started here if there is none.
 */
export async function openEmbedded(context: Context): Promise<Cloud> {
  const folder = embeddedFolder(context)
  const cloud = await connectToRunning(context, folder, await findOrStart(context, folder))
  context.onEnd(() => cloud.close())
  return cloud
}

/**
 * Signs in to the embedded cloud of the folder, which runs.
 * @param own what replaces the connections and the kept token of a command in a process of its own
 */
export function connectToRunning(
  context: Context,
  folder: string,
  running: Pick<RunningCloud, 'authUrl' | 'username' | 'password'>,
  own: Pick<ConnectOptions, 'transport' | 'tokenCache'> = {},
): Promise<Cloud> {
  const { authUrl, username, password } = running
  const auth = {
    authUrl,
    username,
    password,
    projectName: 'demo',
    userDomainName: 'Default',
    projectDomainName: 'Default',
  }
  const tokenCache = tokenInFile(path.join(folder, 'token.json'))
  return connectTo(context, { auth, proxy: false, tokenCache, ...own })
}

/** Together long enough for a process to end, after it has announced that it does. */
const attempts = 200
const pauseMs = 50
/** While another command starts it: the pause, and after how much of it this one no longer waits for the other. */
const startingMs = 20
const longestStartMs = 30_000

async function findOrStart(context: Context, folder: string): Promise<RunningCloud> {
  const pause = (ms: number) => sleep(ms, undefined, { signal: context.signal })
  let holder: number | undefined
  let waitedMs = 0
  for (let attempt = 0; attempt < attempts;) {
    const running = await readRunning(folder)
    if (running !== undefined && running.isRunning !== false) {
      holder = running.pid
      if (await join(context, folder, running)) return running
    }
    const isPatient = waitedMs < longestStartMs
    const outcome = running?.isRunning === true ? 'taken' : await start(context, folder, isPatient)
    if (outcome === 'starting') {
      await pause(startingMs)
      waitedMs += startingMs
      continue
    }
    attempt += 1
    // A process that does not respond may be ending: it is given some time.
    if (outcome === 'taken') await pause(pauseMs)
  }
  const who = holder === undefined ? 'Another process' : `Process ${holder}`
  throw new ConnectionError(`${who} holds the embedded cloud in ${folder} but does not respond`, {
    reason: 'unknown',
    method: 'GET',
    url: folder,
    hint: 'wait for it to end, or stop it',
  })
}

/**
 * @param isPatient whether another command that starts it is waited for
 * @returns `starting`: another command starts it; `taken`: a process has the folder, and may be ending
 */
async function start(context: Context, folder: string, isPatient: boolean): Promise<'started' | 'starting' | 'taken'> {
  const [{ launch }, { takeStartLock }] = await Promise.all([
    import('./background/launch.js'),
    import('./background/start-lock.js'),
  ])
  const release = await takeStartLock(folder)
  if (release === undefined && isPatient) return 'starting'
  try {
    // Another command may have started it just before.
    if ((await readRunning(folder))?.isRunning !== true) {
      await launch(folder, { program: context.surroundings.program, env: context.env, signal: context.signal })
    }
    return 'started'
  } catch (error) {
    if (error instanceof FolderTaken) return 'taken'
    throw error
  } finally {
    await release?.()
  }
}

/** Uses a running cloud until the command ends. @returns false when it has ended or is ending */
async function join(context: Context, folder: string, running: RunningCloud): Promise<boolean> {
  if (running.isBackground && isOlder(running.version)) {
    const yielded = await ask(running.control, 'yield')
    if (yielded?.ok === true) {
      await yielded.ended()
      return false
    }
  }
  const joined = await ask(running.control, 'join')
  if (joined?.ok !== true) return false
  let isTold = false
  const tell = () => {
    if (isTold) return
    isTold = true
    context.warn(
      `the process that ran the embedded cloud has ended: ${logFile(folder)} may say why; run the command again`,
    )
  }
  joined.onLost(tell)
  context.onEnd(async (failure) => {
    // A request may find out that the process has ended before this connection does.
    if (failure instanceof ConnectionError && (await ask(running.control, 'status')) === undefined) tell()
    joined.leave()
  })
  return true
}

/** An upgrade replaces the process as soon as no command uses it. */
function isOlder(other: string): boolean {
  const [own, theirs] = [version, other].map((each) => each.split(/[.-]/).slice(0, 3).map(Number))
  const at = [0, 1, 2].find((index) => own?.[index] !== theirs?.[index])
  return at !== undefined && (theirs?.[at] ?? 0) < (own?.[at] ?? 0)
}
