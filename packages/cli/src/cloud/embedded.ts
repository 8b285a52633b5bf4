import { setTimeout as sleep } from 'node:timers/promises'
import { type Cloud, ConnectionError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { FolderTaken } from '../errors.js'
import { connectTo } from './connect-to.js'
import { embeddedFolder } from './paths.js'
import { announce, enter, hasGuests, readRunning, release } from './running-cloud.js'
import { startServer } from './start-server.js'

/**
 * The embedded cloud in the user's data folder: the one that another command or `tyrax serve` runs, or one that runs as
 * long as this command, and as long as other commands that joined it.
 */
export async function openEmbedded(context: Context): Promise<Cloud> {
  const folder = embeddedFolder(context.env)
  const authUrl = await findOrStart(context, folder)
  const cloud = await connectTo(context, { auth: { authUrl, ...embeddedUser }, proxy: false })
  context.onEnd(() => cloud.close())
  return cloud
}

/** Long enough for another command to start its cloud, or to end it. */
const attempts = 200
const pauseMs = 50

async function findOrStart(context: Context, folder: string): Promise<string> {
  let holder: number | undefined
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const running = await readRunning(folder)
    const authUrl = running?.isRunning === true ? await join(context, folder) : await start(context, folder)
    if (authUrl !== undefined) return authUrl
    // The folder is in use: by the announced process, unless that is known to have ended.
    const joined = running !== undefined && running.isRunning === undefined ? await join(context, folder) : undefined
    if (joined !== undefined) return joined
    holder = running?.pid ?? holder
    await sleep(pauseMs, undefined, { signal: context.signal })
  }
  const who = holder === undefined ? 'Another process' : `Process ${holder}`
  throw new ConnectionError(`${who} holds the embedded cloud in ${folder} but does not respond`, {
    reason: 'unknown',
    method: 'GET',
    url: folder,
    hint: 'wait for it to end, or stop it',
  })
}

/** @returns undefined while the previous process still holds the folder, with guests to serve */
async function start(context: Context, folder: string): Promise<string | undefined> {
  try {
    const server = await startServer({ port: 0, data: folder })
    context.onEnd(async () => {
      await seeGuestsOff(context, folder)
      await release(folder)
      // A command that read the address before it was removed has joined by now.
      await seeGuestsOff(context, folder)
      await server.close()
    })
    await announce(folder, server.authUrl)
    return server.authUrl
  } catch (error) {
    if (error instanceof FolderTaken) return undefined
    throw error
  }
}

async function seeGuestsOff(context: Context, folder: string): Promise<void> {
  while (!context.signal.aborted && (await hasGuests(folder))) {
    // A guest may be waiting for the end of our output, as in `tyrax download … | tyrax create …`.
    context.surroundings.closeStdout?.()
    await sleep(pauseMs)
  }
}

/** @returns undefined when the process that ran it has ended */
async function join(context: Context, folder: string): Promise<string | undefined> {
  const leave = await enter(folder)
  const running = await readRunning(folder)
  const authUrl = running?.isRunning === false ? undefined : running?.authUrl
  if (authUrl === undefined) await leave()
  else context.onEnd(leave)
  return authUrl
}

/** The login of the embedded cloud's own first user. */
const embeddedUser = {
  username: 'demo',
  password: 'secret',
  projectName: 'demo',
  userDomainName: 'Default',
  projectDomainName: 'Default',
} as const
