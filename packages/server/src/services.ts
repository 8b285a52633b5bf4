import type { CloudContext, CloudService, ServiceContext } from './context.js'
import { createKeystone } from './identity/index.js'
import { createGlance } from './image/index.js'
import { createSwift, createSwiftInfo } from './object-store/index.js'

/** What the cloud consists of. Keystone comes first, whose tokens the others take. */
export function createServices(context: CloudContext): CloudService[] {
  const keystone = createKeystone(context)
  const withTokens: ServiceContext = { ...context, tokens: keystone.tokens }
  return [keystone, ...[createGlance, createSwift, createSwiftInfo].map((create) => create(withTokens))]
}
