import type { Migration } from '../../database/database.js'

/** The columns of the first versions of `images`. */
const columns = `id, name, status, visibility, protected, os_hidden, checksum, os_hash_algo, os_hash_value, owner, size,
  virtual_size, container_format, disk_format, min_disk, min_ram, created_at, updated_at, deleted`

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
    // Every index of images begins with what each list asks for, and ends with what breaks ties in every order.
    service: 'image',
    version: 2,
    sql: `
      DROP INDEX images_by_creation;
      DROP INDEX images_by_name;
      DROP INDEX images_by_owner;
      CREATE INDEX images_by_created_at ON images (os_hidden, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_updated_at ON images (os_hidden, updated_at, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_name ON images (os_hidden, name, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_status ON images (os_hidden, status, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_visibility ON images (os_hidden, visibility, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_protected ON images (os_hidden, protected, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_owner ON images (os_hidden, owner, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_container_format ON images (os_hidden, container_format, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_disk_format ON images (os_hidden, disk_format, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_min_disk ON images (os_hidden, min_disk, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_min_ram ON images (os_hidden, min_ram, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_size ON images (os_hidden, size, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_virtual_size ON images (os_hidden, virtual_size, created_at, id)
        WHERE deleted = 0 AND virtual_size IS NOT NULL;
      CREATE INDEX images_by_checksum ON images (os_hidden, checksum, created_at, id)
        WHERE deleted = 0 AND checksum IS NOT NULL;
      CREATE INDEX images_by_os_hash_value ON images (os_hidden, substr(os_hash_value, 1, 16), created_at, id)
        WHERE deleted = 0 AND os_hash_value IS NOT NULL;

      CREATE TABLE image_properties_2 (
        image_id TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        image_hidden INTEGER NOT NULL,
        image_created_at INTEGER NOT NULL,
        PRIMARY KEY (image_id, name)
      ) WITHOUT ROWID;
      INSERT INTO image_properties_2
        SELECT p.image_id, p.name, p.value, i.os_hidden, i.created_at
        FROM image_properties p JOIN images i ON i.id = p.image_id ORDER BY p.image_id, p.name;
      DROP TABLE image_properties;
      ALTER TABLE image_properties_2 RENAME TO image_properties;
      CREATE INDEX image_properties_by_value
        ON image_properties (name, value, image_hidden, image_created_at, image_id);

      CREATE TABLE image_tags_2 (
        image_id TEXT NOT NULL,
        value TEXT NOT NULL,
        image_hidden INTEGER NOT NULL,
        image_created_at INTEGER NOT NULL,
        PRIMARY KEY (image_id, value)
      ) WITHOUT ROWID;
      INSERT INTO image_tags_2
        SELECT t.image_id, t.value, i.os_hidden, i.created_at
        FROM image_tags t JOIN images i ON i.id = t.image_id ORDER BY t.image_id, t.value;
      DROP TABLE image_tags;
      ALTER TABLE image_tags_2 RENAME TO image_tags;
      CREATE INDEX image_tags_by_value ON image_tags (value, image_hidden, image_created_at, image_id);

      CREATE TABLE image_members_2 (
        image_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        image_created_at INTEGER NOT NULL,
        PRIMARY KEY (image_id, member_id)
      ) WITHOUT ROWID;
      INSERT INTO image_members_2
        SELECT m.image_id, m.member_id, m.status, m.created_at, m.updated_at, i.created_at
        FROM image_members m JOIN images i ON i.id = m.image_id ORDER BY m.image_id, m.member_id;
      DROP TABLE image_members;
      ALTER TABLE image_members_2 RENAME TO image_members;
      CREATE INDEX image_members_by_member ON image_members (member_id, status, image_created_at, image_id);
    `,
  },
  {
    // Empty unless the clock was set back: what is not in it was created before it was changed.
    service: 'image',
    version: 3,
    sql: `
      CREATE INDEX images_changed_before_creation ON images (id) WHERE deleted = 0 AND updated_at < created_at;
    `,
  },
  {
    // Each index costs every change of an image: those of what lists can do without are dropped, or leave out what most
    // images have. A project's images of one visibility are a range.
    service: 'image',
    version: 4,
    sql: `
      DROP INDEX images_by_virtual_size;
      DROP INDEX images_by_protected;
      CREATE INDEX images_by_protected ON images (os_hidden, created_at, id) WHERE deleted = 0 AND protected = 1;
      DROP INDEX images_by_owner;
      CREATE INDEX images_by_owner ON images (os_hidden, owner, visibility, created_at, id) WHERE deleted = 0;
    `,
  },
  {
    // What a project may see is checked in the indexes, too: they end with who owns an image and who sees it, and a
    // member's images are in ranges of those that are shared, hidden or not.
    service: 'image',
    version: 5,
    sql: `
      DROP INDEX images_by_created_at;
      DROP INDEX images_by_updated_at;
      DROP INDEX images_by_name;
      DROP INDEX images_by_status;
      DROP INDEX images_by_container_format;
      DROP INDEX images_by_disk_format;
      DROP INDEX images_by_size;
      CREATE INDEX images_by_created_at ON images (os_hidden, created_at, id, owner, visibility) WHERE deleted = 0;
      CREATE INDEX images_by_updated_at ON images (os_hidden, updated_at, created_at, id, owner, visibility)
        WHERE deleted = 0;
      CREATE INDEX images_by_name ON images (os_hidden, name, created_at, id, owner, visibility) WHERE deleted = 0;
      CREATE INDEX images_by_status ON images (os_hidden, status, created_at, id, owner, visibility) WHERE deleted = 0;
      CREATE INDEX images_by_container_format ON images (os_hidden, container_format, created_at, id, owner, visibility)
        WHERE deleted = 0;
      CREATE INDEX images_by_disk_format ON images (os_hidden, disk_format, created_at, id, owner, visibility)
        WHERE deleted = 0;
      CREATE INDEX images_by_size ON images (os_hidden, size, created_at, id, owner, visibility) WHERE deleted = 0;

      ALTER TABLE image_members ADD COLUMN image_shared_hidden INTEGER;
      UPDATE image_members SET image_shared_hidden =
        (SELECT os_hidden FROM images WHERE id = image_members.image_id AND visibility = 'shared');
      DROP INDEX image_members_by_member;
      CREATE INDEX image_members_by_member
        ON image_members (member_id, status, image_shared_hidden, image_created_at, image_id);
    `,
  },
  {
    // A new hash belongs anywhere, and a page of an index that is not in memory costs an upload a lot. So the hashes that
    // begin with the same two digits are in order of creation: new ones are written to the same few pages.
    service: 'image',
    version: 6,
    sql: `
      DROP INDEX images_by_checksum;
      DROP INDEX images_by_os_hash_value;
      CREATE INDEX images_by_checksum ON images (os_hidden, substr(checksum, 1, 2), created_at, id, checksum)
        WHERE deleted = 0 AND substr(checksum, 1, 2) IS NOT NULL;
      CREATE INDEX images_by_os_hash_value ON images (os_hidden, substr(os_hash_value, 1, 2), created_at, id, os_hash_value)
        WHERE deleted = 0 AND substr(os_hash_value, 1, 2) IS NOT NULL;
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
  {
    // Images are numbered in order of creation, so that sets of them are bits, and every index has the number of each of
    // its rows. Those that a clock set back made older than an image before them are late.
    service: 'image',
    version: 50,
    sql: `
      CREATE TABLE images_2 (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
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
        deleted INTEGER NOT NULL DEFAULT 0,
        late INTEGER NOT NULL DEFAULT 0
      );
      INSERT INTO images_2 (${columns}) SELECT ${columns} FROM images ORDER BY created_at, id;
      DROP TABLE images;
      ALTER TABLE images_2 RENAME TO images;
      CREATE INDEX images_by_id ON images (os_hidden, id, owner, visibility) WHERE deleted = 0;
      CREATE INDEX images_by_created_at ON images (os_hidden, created_at, id, owner, visibility) WHERE deleted = 0;
      CREATE INDEX images_by_updated_at ON images (os_hidden, updated_at, created_at, id, owner, visibility)
        WHERE deleted = 0;
      CREATE INDEX images_by_name ON images (os_hidden, name, created_at, id, owner, visibility) WHERE deleted = 0;
      CREATE INDEX images_by_status ON images (os_hidden, status, created_at, id, owner, visibility) WHERE deleted = 0;
      CREATE INDEX images_by_container_format ON images (os_hidden, container_format, created_at, id, owner, visibility)
        WHERE deleted = 0;
      CREATE INDEX images_by_disk_format ON images (os_hidden, disk_format, created_at, id, owner, visibility)
        WHERE deleted = 0;
      CREATE INDEX images_by_size ON images (os_hidden, size, created_at, id, owner, visibility) WHERE deleted = 0;
      CREATE INDEX images_by_visibility ON images (os_hidden, visibility, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_protected ON images (os_hidden, created_at, id) WHERE deleted = 0 AND protected = 1;
      CREATE INDEX images_by_owner ON images (os_hidden, owner, visibility, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_min_disk ON images (os_hidden, min_disk, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_min_ram ON images (os_hidden, min_ram, created_at, id) WHERE deleted = 0;
      CREATE INDEX images_by_checksum ON images (os_hidden, substr(checksum, 1, 2), created_at, id, checksum)
        WHERE deleted = 0 AND substr(checksum, 1, 2) IS NOT NULL;
      CREATE INDEX images_by_os_hash_value ON images (os_hidden, substr(os_hash_value, 1, 2), created_at, id, os_hash_value)
        WHERE deleted = 0 AND substr(os_hash_value, 1, 2) IS NOT NULL;
      CREATE INDEX images_changed_before_creation ON images (id) WHERE deleted = 0 AND updated_at < created_at;
      CREATE INDEX images_late ON images (late) WHERE deleted = 0 AND late = 1;

      ALTER TABLE image_properties ADD COLUMN image_number INTEGER;
      UPDATE image_properties SET image_number = (SELECT number FROM images WHERE id = image_id);
      DROP INDEX image_properties_by_value;
      CREATE INDEX image_properties_by_value
        ON image_properties (name, value, image_hidden, image_created_at, image_id, image_number);
      ALTER TABLE image_tags ADD COLUMN image_number INTEGER;
      UPDATE image_tags SET image_number = (SELECT number FROM images WHERE id = image_id);
      DROP INDEX image_tags_by_value;
      CREATE INDEX image_tags_by_value ON image_tags (value, image_hidden, image_created_at, image_id, image_number);
      ALTER TABLE image_members ADD COLUMN image_number INTEGER;
      UPDATE image_members SET image_number = (SELECT number FROM images WHERE id = image_id);
      DROP INDEX image_members_by_member;
      CREATE INDEX image_members_by_member
        ON image_members (member_id, status, image_shared_hidden, image_created_at, image_id, image_number);
    `,
  },
]
