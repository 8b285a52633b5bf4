import { type Cloud, NotConfiguredError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { isAttended } from './attended.js'
import { embeddedFolder } from './paths.js'
import { connectTo } from './connect-to.js'

/** The name that `--os-cloud` takes for the embedded cloud. */
const embedded = 'embedded'

/**
 * The cloud that flags, environment and clouds.yaml choose. With nothing configured at all: the embedded one on a
 * terminal, where a person reads the announcement; a script without its configuration must not work on a cloud of its
 * own.
 * @throws ConfigError naming what is missing from an incomplete configuration; or, without a terminal, the ways to
 * configure
 */
export async function openCloud(context: Context): Promise<Cloud> {
  const name = context.globals.osCloud ?? context.env['OS_CLOUD']
  if (name === embedded) return openEmbeddedWith(context, 'using the embedded cloud')
  context.surroundings.inside?.refuse()
  try {
    const cloud = await connectTo(context, await context.connectOptions())
    if (!context.surroundings.endsProcess) context.onEnd(() => cloud.close())
    return cloud
  } catch (error) {
    if (!(error instanceof NotConfiguredError)) throw error
    if (!isAttended(context)) throw notConfigured(error)
    return openEmbeddedWith(context, 'no cloud is configured: using the embedded cloud')
  }
}

function notConfigured(error: NotConfiguredError): NotConfiguredError {
  return new NotConfiguredError(error.message, {
    cause: error,
    hint:
      'write a clouds.yaml, set OS_AUTH_URL and the other OS_* variables, or choose a cloud with --os-cloud or OS_CLOUD; ' +
      '--os-cloud embedded uses the embedded cloud of this machine',
  })
}

export async function openEmbeddedWith(context: Context, why: string): Promise<Cloud> {
  const { openEmbedded } = await import('./embedded.js')
  context.announce(`${why} in ${embeddedFolder(context)}`)
  return context.surroundings.inside?.connect(context) ?? openEmbedded(context)
}
