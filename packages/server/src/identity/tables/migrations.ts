import type { Migration } from '../../database/database.js'

export const identityMigrations: readonly Migration[] = [
  {
    service: 'identity',
    version: 1,
    sql: `
      CREATE TABLE identity_users (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        password_hash TEXT NOT NULL,
        enabled INTEGER NOT NULL DEFAULT 1
      ) WITHOUT ROWID;
      CREATE TABLE identity_projects (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
      ) WITHOUT ROWID;
      CREATE TABLE identity_assignments (
        user_id TEXT NOT NULL,
        scope TEXT NOT NULL,
        role TEXT NOT NULL,
        PRIMARY KEY (user_id, scope, role)
      ) WITHOUT ROWID;
      CREATE TABLE identity_application_credentials (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        project_id TEXT NOT NULL,
        name TEXT NOT NULL,
        description TEXT,
        secret_hash TEXT NOT NULL,
        roles TEXT NOT NULL,
        expires_at INTEGER,
        unrestricted INTEGER NOT NULL,
        UNIQUE (user_id, name)
      ) WITHOUT ROWID;
      CREATE TABLE identity_tokens (
        hash TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        scope TEXT NOT NULL,
        methods TEXT NOT NULL,
        audit_ids TEXT NOT NULL,
        issued_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        application_credential_id TEXT
      ) WITHOUT ROWID;
      CREATE INDEX identity_tokens_by_end ON identity_tokens (expires_at);
      CREATE INDEX identity_tokens_by_credential ON identity_tokens (application_credential_id);
    `,
  },
  {
    service: 'identity',
    version: 2,
    sql: `
      CREATE TABLE identity_access_rules (
        id TEXT NOT NULL UNIQUE,
        user_id TEXT NOT NULL,
        service TEXT NOT NULL,
        path TEXT NOT NULL,
        method TEXT NOT NULL,
        UNIQUE (user_id, service, path, method)
      );
      ALTER TABLE identity_application_credentials ADD COLUMN access_rules TEXT NOT NULL DEFAULT '[]';
    `,
  },
  {
    service: 'identity',
    version: 3,
    sql: `
      CREATE TABLE identity_credentials (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        project_id TEXT,
        type TEXT NOT NULL,
        blob TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX identity_credentials_by_user ON identity_credentials (user_id, type);
    `,
  },
]
