import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectionError, type Cloud } from '@tyrax/sdk'
import type { Context } from '../context.js'
import { embeddedUser } from '../serve/embedded-users.js'
import { embeddedFolder } from './embedded-folder.js'
import { startServer } from '../serve/start-server.js'
import { connectTo } from './connect-to.js'
import { announce, claim, enter, hasGuests, readOwner, release } from './running-cloud.js'

/**
 * The embedded cloud in the user's data folder: the one that another command or `tyrax serve` runs, or one that runs
 * for as long as this command, and for others that came to use it meanwhile.
 */
export async function openEmbedded(context: Context): Promise<Cloud> {
  const folder = embeddedFolder(context.env)
  const running = await claim(folder)
  const authUrl = running ? await join(context, folder, running.pid) : await start(context, folder)
  const cloud = await connectTo(context, { auth: { authUrl, ...embeddedUser } })
  context.onEnd(() => cloud.close())
  return cloud
}

async function start(context: Context, folder: string): Promise<string> {
  try {
    const server = await startServer({ port: 0, data: folder })
    context.onEnd(async () => {
      // A guest may be waiting for the end of what we wrote, as in `tyrax download … | tyrax create …`.
      if (await hasGuests(folder)) context.surroundings.closeStdout?.()
      while (!context.signal.aborted && (await hasGuests(folder))) await sleep(100)
      await release(folder)
      await server.close()
    })
    await announce(folder, server.authUrl)
    return server.authUrl
  } catch (error) {
    await release(folder)
    throw error
  }
}

async function join(context: Context, folder: string, pid: number): Promise<string> {
  context.onEnd(await enter(folder))
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const running = await readOwner(folder)
    if (running?.authUrl) return running.authUrl
    if (!running) break
    await sleep(50, undefined, { signal: context.signal })
  }
  throw new ConnectionError(`Process ${pid} holds the embedded cloud in ${folder} but does not answer`, {
    reason: 'unknown',
    method: 'GET',
    url: folder,
    hint: 'wait for it to end, or end it',
  })
}
