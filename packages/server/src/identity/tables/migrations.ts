import type { Migration } from '../../database/database.js'
import { builtInRoles } from '../roles/built-in-roles.js'

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
  {
    service: 'identity',
    version: 4,
    sql: `
      ALTER TABLE identity_users ADD COLUMN default_project_id TEXT;
      ALTER TABLE identity_users ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
      ALTER TABLE identity_users ADD COLUMN extra TEXT NOT NULL DEFAULT '{}';
      ALTER TABLE identity_projects ADD COLUMN description TEXT DEFAULT '';
      ALTER TABLE identity_projects ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE identity_projects ADD COLUMN parent_id TEXT NOT NULL DEFAULT 'default';
      ALTER TABLE identity_projects ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE identity_projects ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
      ALTER TABLE identity_projects ADD COLUMN extra TEXT NOT NULL DEFAULT '{}';
      CREATE TABLE identity_roles (
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL UNIQUE,
        description TEXT,
        options TEXT NOT NULL DEFAULT '{}',
        extra TEXT NOT NULL DEFAULT '{}'
      );
      CREATE TABLE identity_implied_roles (
        prior_id TEXT NOT NULL REFERENCES identity_roles (id) ON DELETE CASCADE,
        implied_id TEXT NOT NULL REFERENCES identity_roles (id) ON DELETE CASCADE,
        PRIMARY KEY (prior_id, implied_id)
      ) WITHOUT ROWID;
      ${builtInRoles.map(insertRole).join('\n')}
      ${builtInRoles.flatMap(insertImplied).join('\n')}
      CREATE TABLE identity_configured (
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        id TEXT NOT NULL,
        secret_hash TEXT,
        PRIMARY KEY (kind, name)
      ) WITHOUT ROWID;
      INSERT INTO identity_configured SELECT 'project', name, id, NULL FROM identity_projects;
      INSERT INTO identity_configured SELECT 'user', name, id, password_hash FROM identity_users WHERE enabled = 1;
      INSERT INTO identity_configured
        SELECT 'grant', user_id || '/' || scope || '/' || role, user_id, NULL FROM identity_assignments;
      CREATE INDEX identity_assignments_by_scope ON identity_assignments (scope);
      CREATE INDEX identity_tokens_by_user ON identity_tokens (user_id);
      CREATE INDEX identity_tokens_by_scope ON identity_tokens (scope);
    `,
  },
  {
    service: 'identity',
    version: 5,
    sql: `
      CREATE TABLE identity_groups (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        description TEXT,
        extra TEXT NOT NULL DEFAULT '{}'
      ) WITHOUT ROWID;
      CREATE TABLE identity_memberships (
        user_id TEXT NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
        group_id TEXT NOT NULL REFERENCES identity_groups (id) ON DELETE CASCADE,
        PRIMARY KEY (user_id, group_id)
      ) WITHOUT ROWID;
      CREATE INDEX identity_memberships_by_group ON identity_memberships (group_id);
      ALTER TABLE identity_assignments RENAME COLUMN user_id TO actor_id;
    `,
  },
  {
    service: 'identity',
    version: 6,
    sql: `
      CREATE TABLE identity_catalog (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        entry TEXT NOT NULL,
        UNIQUE (kind, id)
      );
    `,
  },
]

function insertRole({ id, name }: (typeof builtInRoles)[number]): string {
  return `INSERT INTO identity_roles (id, name, options) VALUES ('${id}', '${name}', '{"immutable":true}');`
}

function insertImplied({ id, implies }: (typeof builtInRoles)[number]): string[] {
  return builtInRoles
    .filter(({ name }) => name === implies)
    .map((implied) => `INSERT INTO identity_implied_roles VALUES ('${id}', '${implied.id}');`)
}
