import type { Migration } from './database/database.js'
import { identityMigrations } from './identity/tables/migrations.js'
import { imageMigrations } from './image/tables/migrations.js'
import { objectStoreMigrations } from './object-store/tables/migrations.js'

/** The tables of every service, as this version knows them. */
export const allMigrations: readonly Migration[] = [...identityMigrations, ...imageMigrations, ...objectStoreMigrations]
