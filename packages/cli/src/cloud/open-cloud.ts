import { NotConfiguredError, type Cloud } from '@tyrax/sdk'
import type { Context } from '../context.js'
import { embeddedFolder } from './embedded-folder.js'
import { connectTo } from './connect-to.js'

/** The name that `--os-cloud` takes for the embedded cloud. */
const embedded = 'embedded'

/**
 * The cloud that flags, environment and clouds.yaml choose. With nothing configured at all: the embedded one.
 * @throws ConfigError naming what is missing of half a configuration
 */
export async function openCloud(context: Context): Promise<Cloud> {
  const name = context.globals.osCloud ?? context.env['OS_CLOUD']
  if (name === embedded) return openEmbeddedWith(context, 'using the embedded cloud')
  try {
    const cloud = await connectTo(context, await context.connectOptions())
    context.onEnd(() => cloud.close())
    return cloud
  } catch (error) {
    if (!(error instanceof NotConfiguredError)) throw error
    return openEmbeddedWith(context, 'no cloud is configured: using the embedded cloud')
  }
}

async function openEmbeddedWith(context: Context, why: string): Promise<Cloud> {
  const { openEmbedded } = await import('./embedded.js')
  context.note(`${why} in ${embeddedFolder(context.env)}`)
  return openEmbedded(context)
}
