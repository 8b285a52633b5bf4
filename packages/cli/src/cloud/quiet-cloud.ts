import { type Cloud, ConfigError, NotConfiguredError, type TokenCache } from '@tyrax/sdk'
import { isSecretKey, resolveConfig, textHash, type Values } from '@tyrax/sdk/internal'
import type { Context } from '../command/context.js'
import { readRunning } from './background/record.js'
import { configContext } from './connect-options.js'
import { connectTo } from './connect-to.js'
import { connectToRunning } from './embedded.js'
import { embeddedFolder } from './paths.js'
import { fileTokenCache } from './token-cache.js'

/** A cloud that can be used without asking the user anything, and without starting anything. */
export interface QuietCloud {
  /** Tells it apart from other clouds, users and projects. Contains no secret. */
  readonly key: string
  connect(): Promise<Cloud>
}

/**
 * The cloud that a command with the same flags would use.
 * @returns undefined when a command would have to start or to ask for something
 */
export async function quietCloud(context: Context): Promise<QuietCloud | undefined> {
  if (context.globals.passwordStdin) return undefined
  if ((context.globals.osCloud ?? context.env['OS_CLOUD']) === 'embedded') return runningEmbedded(context)
  const options = await context.connectOptions()
  try {
    const { values } = await resolveConfig(options, configContext(context))
    return {
      key: keyOf(values),
      connect: () =>
        connectTo(
          context,
          { ...options, ...(!maySignIn(values) && { tokenCache: onlyCached(context.env) }) },
          { mayAsk: false },
        ),
    }
  } catch (error) {
    if (!(error instanceof NotConfiguredError)) throw error
    return runningEmbedded(context)
  }
}

async function runningEmbedded(context: Context): Promise<QuietCloud | undefined> {
  const folder = embeddedFolder(context)
  const running = await readRunning(folder)
  if (running?.isRunning !== true) return undefined
  return {
    key: `embedded ${folder}`,
    connect: () => connectToRunning(context, folder, running),
  }
}

/** Whether signing in needs nothing but what is configured: no passcode that is valid once, and no browser. */
function maySignIn(values: Values): boolean {
  const type = values.get('auth_type')?.value ?? 'password'
  return typeof type === 'string' && /^(v3)?(password|applicationcredential|token)$|^none$/.test(type)
}

/** Tokens of earlier commands, and no others. */
function onlyCached(env: NodeJS.ProcessEnv): TokenCache {
  const cache = fileTokenCache(env)
  return {
    ...cache,
    async load(key) {
      const grant = await cache.load(key)
      if (grant?.expiresAt !== undefined && grant.expiresAt > Date.now() + marginMs) return grant
      throw new ConfigError('no token is valid for long enough')
    },
  }
}

/** More than the SDK's own margin, below which it renews a token. */
const marginMs = 150_000

function keyOf(values: Values): string {
  const isSecret = ([key]: readonly [string, unknown]) => isSecretKey(key)
  const plain = [...values].map(([key, { value }]) => [key, value] as const)
  const named = JSON.stringify(plain.filter((each) => !isSecret(each)).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  // As in the keys of tokens: too little of the hash for guessing the secret.
  return `${named}#${textHash(JSON.stringify(plain.filter(isSecret))) & 0xffff}`
}
