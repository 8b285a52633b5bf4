import { addHint } from '@tyrax/sdk/internal'
import { type Cloud, ConfigError, TyraxError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { configContext } from './connect-options.js'
import { connectTo } from './connect-to.js'
import { openEmbeddedWith } from './open-cloud.js'

/** Connects to clouds by their name in clouds.yaml, each once; undefined is the current cloud. */
export type CloudsByName = (name: string | undefined) => Promise<Cloud>

export function cloudsByName(context: Context): CloudsByName {
  const { globals, env } = context
  const current = globals.osCloud ?? (env['OS_CLOUD'] || undefined)
  const connected = new Map<string | undefined, Promise<Cloud>>()
  return (name) => {
    const key = name === current ? undefined : name
    const cloud = connected.get(key) ?? open(context, key, current)
    connected.set(key, cloud)
    return cloud
  }
}

/** Flags such as `--os-username` describe the current cloud only. */
async function open(context: Context, name: string | undefined, current: string | undefined): Promise<Cloud> {
  try {
    if (name === undefined) return await context.connect()
    if (name === 'embedded') return await openEmbeddedWith(context, 'using the embedded cloud')
    const cloud = await connectTo(context, {
      cloud: name,
      configContext: configContext(context),
      signal: context.signal,
    })
    context.onEnd(() => cloud.close())
    return cloud
  } catch (error) {
    throw explained(error, name ?? current, name !== undefined)
  }
}

/** With two clouds, an error has to tell which one it is about. */
function explained(error: unknown, name: string | undefined, isNamed: boolean): unknown {
  if (!(error instanceof TyraxError)) return error
  const which = name === undefined ? 'the current cloud' : `the cloud ${name}`
  if (!error.message.includes(which)) error.message = `${which}: ${error.message}`
  if (isNamed && error instanceof ConfigError) {
    addHint(error, `if ${name} is the beginning of an image's name, write image: before it`)
  }
  return error
}
