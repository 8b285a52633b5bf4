import type { Migration } from '../../database/database.js'

/**
 * The tables that the resources of the image service share. Times are microseconds since 1970, UTC, so that images
 * created within one second keep their order. A deleted image keeps its row, so that its id can never be used again, but
 * loses its children, which are in tables called `image_…` with its id as `image_id`.
 */
export const sharedMigrations: readonly Migration[] = [
  {
    service: 'image',
    version: 1,
    sql: `
      CREATE TABLE images (
        id TEXT PRIMARY KEY,
        name TEXT,
        status TEXT NOT NULL,
        visibility TEXT NOT NULL,
        protected INTEGER NOT NULL,
        os_hidden INTEGER NOT NULL,
        checksum TEXT,
        os_hash_algo TEXT,
        os_hash_value TEXT,
        owner TEXT,
        size INTEGER,
        virtual_size INTEGER,
        container_format TEXT,
        disk_format TEXT,
        min_disk INTEGER NOT NULL,
        min_ram INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        deleted INTEGER NOT NULL DEFAULT 0
      ) WITHOUT ROWID;
      CREATE INDEX images_by_creation ON images (created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_name ON images (name) WHERE deleted = 0;
      CREATE INDEX images_by_owner ON images (owner) WHERE deleted = 0;

      CREATE TABLE image_properties (
        image_id TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (image_id, name)
      ) WITHOUT ROWID;
      CREATE INDEX image_properties_by_value ON image_properties (name, value);

      CREATE TABLE image_tags (
        image_id TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (image_id, value)
      ) WITHOUT ROWID;
      CREATE INDEX image_tags_by_value ON image_tags (value);

      CREATE TABLE image_locations (
        image_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        store TEXT,
        blob_key TEXT NOT NULL,
        PRIMARY KEY (image_id, position)
      ) WITHOUT ROWID;
      CREATE INDEX image_locations_by_blob ON image_locations (blob_key);

      CREATE TABLE image_members (
        image_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        PRIMARY KEY (image_id, member_id)
      ) WITHOUT ROWID;
      CREATE INDEX image_members_by_member ON image_members (member_id, status);
    `,
  },
  {
    // Staged bytes wait for an import; what the inspection found is kept, so that the import need not read them again.
    // Discarded blobs are no longer named by any image, but their files may still exist.
    service: 'image',
    version: 10,
    sql: `
      CREATE TABLE image_staging (
        image_id TEXT PRIMARY KEY,
        blob_key TEXT NOT NULL,
        size INTEGER NOT NULL,
        md5 TEXT NOT NULL,
        hash_algo TEXT NOT NULL,
        hash TEXT NOT NULL,
        inspection TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX image_staging_by_blob ON image_staging (blob_key);
      CREATE TABLE discarded_blobs (blob_key TEXT PRIMARY KEY) WITHOUT ROWID;
    `,
  },
]
