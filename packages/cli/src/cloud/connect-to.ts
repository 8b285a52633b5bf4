import { connect, type Cloud, type ConnectOptions } from '@tyrax/sdk'
import type { Context } from '../context.js'
import { version } from '../version.js'
import { stderrLogger } from './stderr-logger.js'
import { fileTokenCache } from './token-cache.js'

/** Connects with what every command has in common: token cache, timeouts, retries, tracing. */
export async function connectTo(context: Context, options: ConnectOptions): Promise<Cloud> {
  const { globals, env } = context
  const timeouts = {
    ...(globals.connectTimeout === undefined ? {} : { connectTimeoutMs: globals.connectTimeout }),
    ...(globals.headersTimeout === undefined ? {} : { headersTimeoutMs: globals.headersTimeout }),
    ...(globals.idleTimeout === undefined ? {} : { idleTimeoutMs: globals.idleTimeout }),
  }
  return connect({
    tokenCache: fileTokenCache(env),
    userAgent: `tyrax/${version}`,
    timeouts,
    ...(globals.retries === undefined ? {} : { retry: { retries: globals.retries } }),
    ...(globals.debug || globals.verbose
      ? { logger: stderrLogger(context.surroundings.stderr, { trace: globals.debug ?? false }) }
      : {}),
    ...options,
  })
}
