import type { Migration } from '../../database/database.js'

/** Names sort by their UTF-8 bytes, as Swift's own listings do: SQLite's default collation. */
export const objectStoreMigrations: readonly Migration[] = [
  {
    service: 'object-store',
    version: 1,
    sql: `
      CREATE TABLE accounts (
        name TEXT PRIMARY KEY,
        metadata TEXT NOT NULL,
        created_ms INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE TABLE containers (
        account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
        name TEXT NOT NULL,
        metadata TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        object_count INTEGER NOT NULL DEFAULT 0,
        bytes_used INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (account, name)
      ) WITHOUT ROWID;
      CREATE TABLE objects (
        account TEXT NOT NULL,
        container TEXT NOT NULL,
        name TEXT NOT NULL,
        blob TEXT NOT NULL,
        size INTEGER NOT NULL,
        etag TEXT NOT NULL,
        content_type TEXT NOT NULL,
        modified_ms INTEGER NOT NULL,
        metadata TEXT NOT NULL,
        PRIMARY KEY (account, container, name),
        FOREIGN KEY (account, container) REFERENCES containers (account, name)
      ) WITHOUT ROWID;
      CREATE UNIQUE INDEX objects_by_blob ON objects (blob);
    `,
  },
  {
    service: 'object-store',
    version: 2,
    sql: `
      ALTER TABLE objects ADD COLUMN large_etag TEXT;
      ALTER TABLE objects ADD COLUMN large_size INTEGER;
    `,
  },
  {
    // Totals are stored separately, so that no request has to read all containers.
    service: 'object-store',
    version: 3,
    sql: `
      ALTER TABLE accounts ADD COLUMN container_count INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE accounts ADD COLUMN object_count INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE accounts ADD COLUMN bytes_used INTEGER NOT NULL DEFAULT 0;
      UPDATE accounts SET
        container_count = (SELECT COUNT(*) FROM containers WHERE account = accounts.name),
        object_count = (SELECT COALESCE(SUM(object_count), 0) FROM containers WHERE account = accounts.name),
        bytes_used = (SELECT COALESCE(SUM(bytes_used), 0) FROM containers WHERE account = accounts.name);
      CREATE TRIGGER container_added AFTER INSERT ON containers BEGIN
        UPDATE accounts SET container_count = container_count + 1 WHERE name = new.account;
      END;
      CREATE TRIGGER container_removed AFTER DELETE ON containers BEGIN
        UPDATE accounts SET container_count = container_count - 1, object_count = object_count - old.object_count,
          bytes_used = bytes_used - old.bytes_used WHERE name = old.account;
      END;
      CREATE TRIGGER container_changed AFTER UPDATE OF object_count, bytes_used ON containers BEGIN
        UPDATE accounts SET object_count = object_count + new.object_count - old.object_count,
          bytes_used = bytes_used + new.bytes_used - old.bytes_used WHERE name = new.account;
      END;
    `,
  },
  {
    // Seconds since 1970; the expiry is in the metadata, too.
    service: 'object-store',
    version: 4,
    sql: `
      ALTER TABLE objects ADD COLUMN delete_at INTEGER;
      CREATE INDEX objects_by_delete_at ON objects (delete_at) WHERE delete_at IS NOT NULL;
    `,
  },
  {
    service: 'object-store',
    version: 5,
    sql: `
      ALTER TABLE accounts ADD COLUMN had_containers INTEGER NOT NULL DEFAULT 0;
      UPDATE accounts SET had_containers = 1 WHERE container_count > 0;
      DROP TRIGGER container_added;
      CREATE TRIGGER container_added AFTER INSERT ON containers BEGIN
        UPDATE accounts SET container_count = container_count + 1, had_containers = 1 WHERE name = new.account;
      END;
    `,
  },
]
