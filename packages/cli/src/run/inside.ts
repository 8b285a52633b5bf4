import {
  type Cloud,
  createUndiciTransport,
  type TokenCache,
  type TokenGrant,
  type Transport,
  type TransportRequest,
} from '@tyrax/sdk'
import { commands } from '../../bin/inside-cloud.cjs'
import type { RunningCloud } from '../cloud/background/record.js'
import { connectToRunning } from '../cloud/embedded.js'
import { embeddedFolder } from '../cloud/paths.js'
import type { Context, Inside } from '../command/context.js'

/** The embedded cloud that this process runs. */
export interface OwnCloud extends Pick<RunningCloud, 'authUrl' | 'username' | 'password'> {
  readonly folder: string
}

/** Reading and rendering more would keep the cloud's other users waiting. */
const longestRead = 512 * 1024

/**
 * What commands of other processes may do here: read a little of this process's cloud. They share connections and the
 * token.
 * @returns opens it for one command; `onRefused` is called when that has to run in its own process
 */
export function openInside(own: OwnCloud): (onRefused: () => void) => Inside {
  const transport = createUndiciTransport()
  const tokenCache = tokenInMemory()
  return (onRefused) => {
    const refuse = (): never => {
      onRefused()
      throw new Error('the command has to run in its own process')
    }
    return {
      refuse,
      enter(path) {
        if (!commands.has(path.join(' '))) refuse()
      },
      async connect(context: Context): Promise<Cloud> {
        if (embeddedFolder(context) !== own.folder) refuse()
        const means = { transport: onlyReading(transport, refuse), tokenCache }
        const cloud = await connectToRunning(context, own.folder, own, means)
        context.onEnd(() => cloud.close())
        return cloud
      },
    }
  }
}

function onlyReading(shared: Transport, refuse: () => never): Transport {
  let receivedBytes = 0
  async function* limited(body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      receivedBytes += chunk.byteLength
      if (receivedBytes > longestRead) refuse()
      yield chunk
    }
  }
  return {
    ...(shared.reuse === undefined ? {} : { reuse: shared.reuse }),
    async send(request) {
      if (!isReading(request)) refuse()
      const response = await shared.send(request)
      return { ...response, body: limited(response.body) }
    },
    // It lasts as long as the process.
    close: async () => {},
  }
}

/** Signing in changes nothing that anyone sees. */
function isReading({ method, url }: TransportRequest): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'POST' && url.pathname.endsWith('/v3/auth/tokens'))
}

function tokenInMemory(): TokenCache {
  const tokens = new Map<string, TokenGrant>()
  return {
    load: async (key) => tokens.get(key),
    async save(key, grant) {
      tokens.set(key, grant)
    },
  }
}
