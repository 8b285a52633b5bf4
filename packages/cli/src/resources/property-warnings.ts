import type { Cloud } from '@tyrax/sdk'
import type { Context } from '../command/context.js'

/** Warns about probable misspellings in custom properties, as far as they can be told without a request. */
export async function warnAboutProperties(
  context: Context,
  cloud: Cloud,
  properties: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  if (properties === undefined) return
  for (const { message } of await cloud.images.properties.check(properties, { against: 'common' })) {
    context.warn(message)
  }
}
