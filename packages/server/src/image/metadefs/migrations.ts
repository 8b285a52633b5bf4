import type { Migration } from '../../database/database.js'

/**
 * The tables of metadata definitions. Times are microseconds since 1970, UTC. Objects, properties and tags of a
 * namespace are definitions of one table: a name with a content, which is JSON.
 */
export const migrations: readonly Migration[] = [
  {
    service: 'image',
    version: 20,
    sql: `
      CREATE TABLE metadef_namespaces (
        id INTEGER PRIMARY KEY,
        namespace TEXT NOT NULL UNIQUE,
        display_name TEXT,
        description TEXT,
        visibility TEXT,
        protected INTEGER NOT NULL,
        owner TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER
      );
      CREATE INDEX metadef_namespaces_by_creation ON metadef_namespaces (created_at, id);

      CREATE TABLE metadef_definitions (
        id INTEGER PRIMARY KEY,
        namespace_id INTEGER NOT NULL REFERENCES metadef_namespaces (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        content TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER,
        UNIQUE (namespace_id, kind, name)
      );
      CREATE INDEX metadef_definitions_by_creation ON metadef_definitions (namespace_id, kind, created_at, id);

      CREATE TABLE metadef_resource_types (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        updated_at INTEGER
      );

      CREATE TABLE metadef_associations (
        id INTEGER PRIMARY KEY,
        namespace_id INTEGER NOT NULL REFERENCES metadef_namespaces (id) ON DELETE CASCADE,
        resource_type_id INTEGER NOT NULL REFERENCES metadef_resource_types (id),
        prefix TEXT,
        properties_target TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER,
        UNIQUE (namespace_id, resource_type_id)
      );
      CREATE INDEX metadef_associations_by_type ON metadef_associations (resource_type_id);

      CREATE TABLE metadef_builtin (loaded INTEGER NOT NULL);
      INSERT INTO metadef_builtin VALUES (0);
    `,
  },
]
