import type { Migration } from '../database/database.js'
import type { Mount } from './http/resource.js'
import type { ImageParts } from './parts.js'
import * as resources from './resources.js'
import { sharedMigrations } from './tables/migrations.js'

/** What a line of `resources.ts` exports. */
interface Resource {
  mountRoutes(mount: Mount, parts: ImageParts): void
  /** Steps for tables of its own. Their versions count on from those of all others. */
  readonly migrations?: readonly Migration[]
}

/** The tables of the Image service: those that its resources share, and those that a resource has for itself. */
export const imageMigrations: readonly Migration[] = [
  ...sharedMigrations,
  ...Object.values<Resource>(resources).flatMap(({ migrations = [] }) => migrations),
]
