import type { CloudContext, CloudService, ServiceContext } from './context.js'
import { createKeystone } from './identity/index.js'
import { createGlance } from './image/index.js'
import { createSwift, createSwiftInfo } from './object-store/index.js'
import type { Migration } from './database/database.js'
import { identityMigrations } from './identity/tables/migrations.js'
import { imageMigrations } from './image/migrations.js'
import { objectStoreMigrations } from './object-store/tables/migrations.js'

/** The services of the cloud. Keystone comes first, because the others verify its tokens. */
export function createServices(context: CloudContext): CloudService[] {
  const keystone = createKeystone(context)
  const withTokens: ServiceContext = { ...context, tokens: keystone.tokens }
  return [keystone, ...[createGlance, createSwift, createSwiftInfo].map((create) => create(withTokens))]
}

/** The migrations of all services that this version knows. */
export const allMigrations: readonly Migration[] = [...identityMigrations, ...imageMigrations, ...objectStoreMigrations]
