import type { CloudContext, CloudService, ServiceContext } from './context.js'
import { createKeystone } from './identity/index.js'
import { createGlance } from './image/index.js'
import { createSwift, createSwiftInfo } from './object-store/index.js'
import type { Migration } from './database/database.js'
import { identityMigrations } from './identity/tables/migrations.js'
import { imageMigrations } from './image/migrations.js'
import { objectStoreMigrations } from './object-store/tables/migrations.js'

/** What the cloud consists of. Keystone comes first, whose tokens the others take. */
export function createServices(context: CloudContext): CloudService[] {
  const keystone = createKeystone(context)
  const withTokens: ServiceContext = { ...context, tokens: keystone.tokens }
  return [keystone, ...[createGlance, createSwift, createSwiftInfo].map((create) => create(withTokens))]
}

/** The tables of every service, as this version knows them. */
export const allMigrations: readonly Migration[] = [...identityMigrations, ...imageMigrations, ...objectStoreMigrations]
