import type { Database } from '../database/database.js'

/** What the configuration declared when the cloud was last started with it. */
export interface Configured {
  readonly kind: 'project' | 'user' | 'totp' | 'grant'
  /** The name of a project or user; the user's id, scope and role of a grant. */
  readonly name: string
  /** The id of the project or user. */
  readonly id: string
  /** The hash of a configured password or secret. */
  readonly secretHash: string | null
}

export interface ConfiguredRepository {
  list(): Configured[]
  save(configured: Configured): void
  remove(configured: Configured): void
}

export function createConfiguredRepository(db: Database): ConfiguredRepository {
  const list = db.prepare('SELECT kind, name, id, secret_hash AS secretHash FROM identity_configured')
  const save = db.prepare(
    'INSERT OR REPLACE INTO identity_configured (kind, name, id, secret_hash) VALUES (?, ?, ?, ?)',
  )
  const remove = db.prepare('DELETE FROM identity_configured WHERE kind = ? AND name = ?')
  return {
    list: () => list.all(),
    save({ kind, name, id, secretHash }) {
      save.run(kind, name, id, secretHash)
    },
    remove({ kind, name }) {
      remove.run(kind, name)
    },
  }
}
