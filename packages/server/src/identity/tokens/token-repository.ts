import { createHash } from 'node:crypto'
import type { Database } from '../../database/database.js'
import { parseScopeKey, scopeKey, type Scope } from './scope.js'

export interface TokenRecord {
  readonly userId: string
  readonly scope: Scope
  readonly methods: readonly string[]
  readonly auditIds: readonly string[]
  /** Milliseconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly applicationCredentialId: string | null
}

/** The tokens. Only their hashes are stored, so a reader of the database file cannot use them. */
export interface TokenRepository {
  insert(token: string, record: TokenRecord): void
  find(token: string): TokenRecord | undefined
  remove(token: string): void
  removeOfCredential(applicationCredentialId: string): void
  removeExpired(now: number): void
  removeOfUser(userId: string): void
  removeOfScope(scope: Scope): void
  /** Removes the tokens of one user for the scope. */
  removeOf(userId: string, scope: Scope): void
}

export function createTokenRepository(db: Database): TokenRepository {
  const insert = db.prepare(
    `INSERT INTO identity_tokens
       (hash, user_id, scope, methods, audit_ids, issued_at, expires_at, application_credential_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const find = db.prepare('SELECT * FROM identity_tokens WHERE hash = ?')
  const remove = db.prepare('DELETE FROM identity_tokens WHERE hash = ?')
  const removeOfCredential = db.prepare('DELETE FROM identity_tokens WHERE application_credential_id = ?')
  const removeExpired = db.prepare('DELETE FROM identity_tokens WHERE expires_at <= ?')
  const removeOfUser = db.prepare('DELETE FROM identity_tokens WHERE user_id = ?')
  const removeOfScope = db.prepare('DELETE FROM identity_tokens WHERE scope = ?')
  const removeOf = db.prepare('DELETE FROM identity_tokens WHERE user_id = ? AND scope = ?')
  return {
    insert(token, record) {
      insert.run(
        hashOf(token),
        record.userId,
        scopeKey(record.scope),
        record.methods.join(','),
        record.auditIds.join(','),
        record.issuedAt,
        record.expiresAt,
        record.applicationCredentialId,
      )
    },
    find(token) {
      const row = find.get(hashOf(token)) as unknown as Row | undefined
      return row && toRecord(row)
    },
    remove(token) {
      remove.run(hashOf(token))
    },
    removeOfCredential(id) {
      removeOfCredential.run(id)
    },
    removeExpired(now) {
      removeExpired.run(now)
    },
    removeOfUser(userId) {
      removeOfUser.run(userId)
    },
    removeOfScope(scope) {
      removeOfScope.run(scopeKey(scope))
    },
    removeOf(userId, scope) {
      removeOf.run(userId, scopeKey(scope))
    },
  }
}

interface Row {
  user_id: string
  scope: string
  methods: string
  audit_ids: string
  issued_at: number
  expires_at: number
  application_credential_id: string | null
}

function toRecord(row: Row): TokenRecord {
  return {
    userId: row.user_id,
    scope: parseScopeKey(row.scope),
    methods: row.methods.split(','),
    auditIds: row.audit_ids.split(','),
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    applicationCredentialId: row.application_credential_id,
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
