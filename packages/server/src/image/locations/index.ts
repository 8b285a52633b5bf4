import type { Migration } from '../../database/database.js'

export { mountRoutes } from './routes.js'

/** Locations on other servers, and what callers have noted about locations. */
export const migrations: readonly Migration[] = [
  {
    service: 'image',
    version: 30,
    sql: `
      ALTER TABLE image_locations ADD COLUMN url TEXT;
      ALTER TABLE image_locations ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
    `,
  },
]
