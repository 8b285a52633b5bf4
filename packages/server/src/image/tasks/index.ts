import type { Migration } from '../../database/database.js'

export { mountRoutes } from './routes.js'

/** The tasks outlive their images, so their table is not one of an image's children. */
export const migrations: readonly Migration[] = [
  {
    service: 'image',
    version: 11,
    sql: `
      CREATE TABLE tasks (
        id TEXT PRIMARY KEY,
        type TEXT NOT NULL,
        status TEXT NOT NULL,
        owner TEXT,
        image_id TEXT,
        user_id TEXT,
        request_id TEXT,
        input TEXT NOT NULL,
        result TEXT,
        message TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        expires_at INTEGER
      ) WITHOUT ROWID;
      CREATE INDEX tasks_by_image ON tasks (image_id, created_at);
      CREATE INDEX tasks_by_creation ON tasks (created_at, id);
      CREATE INDEX tasks_by_expiry ON tasks (expires_at);
    `,
  },
]
