import type { DatabaseSync } from '@photostructure/sqlite'

/** The one driver seam: node:sqlite's API. */
export type Database = InstanceType<typeof DatabaseSync>

/**
 * One service's tables. `version` counts up from 1; each step runs once, in one transaction, and is remembered by
 * service name and version in the `migrations` table.
 */
export interface Migration {
  readonly service: string
  readonly version: number
  readonly sql: string
}
