import type { CloudConfig } from '../config/cloud-config.js'
import type { TokenVerifier } from '../context.js'
import { migrate, type Database } from '../database/database.js'
import { openDirectory } from './directory.js'
import { seedIdentity } from './seed.js'
import { identityMigrations } from './tables.js'
import { createTokenService } from './tokens/token-service.js'

/** Makes users and projects what the configuration says, and gives the other services what turns tokens into callers. */
export function openIdentity(db: Database, config: CloudConfig, now: () => Date): TokenVerifier {
  migrate(db, identityMigrations)
  const directory = openDirectory(db)
  seedIdentity(db, directory, config)
  return createTokenService(directory, now, config.tokenLifeSeconds)
}
