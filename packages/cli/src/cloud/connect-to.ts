import { connect, type Cloud, type ConnectOptions, type Logger } from '@tyrax/sdk'
import { ignored } from '@tyrax/sdk/internal'
import type { Context } from '../command/context.js'
import { jsonText, oneLine } from '../output/visible.js'
import { version } from '../version.js'
import { connectAsking } from './connect-asking.js'
import { signInOf } from './sign-in.js'
import { fileTokenCache } from './token-cache.js'

/**
 * Connects with the settings that all commands share: token cache, timeouts, retries, tracing.
 * @param mayAsk whether a person may be asked for what is missing
 */
export async function connectTo(
  context: Context,
  options: ConnectOptions,
  { mayAsk = true }: { readonly mayAsk?: boolean } = {},
): Promise<Cloud> {
  const { globals, env } = context
  const timeouts = {
    ...(globals.connectTimeout === undefined ? {} : { connectTimeoutMs: globals.connectTimeout }),
    ...(globals.headersTimeout === undefined ? {} : { headersTimeoutMs: globals.headersTimeout }),
    ...(globals.idleTimeout === undefined ? {} : { idleTimeoutMs: globals.idleTimeout }),
    ...(globals.responseTimeout === undefined ? {} : { responseTimeoutMs: globals.responseTimeout }),
  }
  const whole: ConnectOptions = {
    ...(mayAsk && { signIn: signInOf(context) }),
    tokenCache: fileTokenCache(env),
    userAgent: `tyrax/${version}`,
    timeouts,
    ...(globals.retries === undefined ? {} : { retry: { retries: globals.retries } }),
    logger: loggerOf(context),
    ...options,
  }
  return mayAsk ? connectAsking(context, whole) : connect(whole)
}

/** Warnings in any case; other messages of the client only with --debug or --verbose. */
function loggerOf(context: Context): Logger {
  const { globals, surroundings } = context
  const warn = (message: string) => context.warn(message)
  if (!globals.debug && !globals.verbose) return { debug: ignored, info: ignored, warn, error: warn }
  return { ...stderrLogger(surroundings.stderr, { trace: globals.debug ?? false }), warn }
}

/**
 * The client's log, one line per message on stderr. Secrets have already been removed. `trace`: every request and
 * response; otherwise only unusual events, such as a second attempt.
 */
function stderrLogger(stream: { write(text: string): unknown }, { trace }: { readonly trace: boolean }): Logger {
  const say = (level: string) => (message: string, details?: Readonly<Record<string, unknown>>) => {
    const rest = details && Object.keys(details).length > 0 ? ` ${jsonText(details)}` : ''
    stream.write(`${level}: ${oneLine(message)}${rest}\n`)
  }
  return { debug: trace ? say('debug') : () => {}, info: say('info'), warn: say('warning'), error: say('error') }
}
