import type { Database } from '../../database/database.js'

/** That one role implies another, by their ids. */
export interface RoleInference {
  readonly priorId: string
  readonly impliedId: string
}

export interface RoleInferenceRepository {
  list(): RoleInference[]
  has(inference: RoleInference): boolean
  insert(inference: RoleInference): void
  remove(inference: RoleInference): void
}

export function createRoleInferenceRepository(db: Database): RoleInferenceRepository {
  const list = db.prepare(
    `SELECT prior_id AS priorId, implied_id AS impliedId FROM identity_implied_roles
     JOIN identity_roles ON id = prior_id ORDER BY identity_roles.rowid`,
  )
  const has = db.prepare('SELECT 1 FROM identity_implied_roles WHERE prior_id = ? AND implied_id = ?')
  const insert = db.prepare('INSERT INTO identity_implied_roles (prior_id, implied_id) VALUES (?, ?)')
  const remove = db.prepare('DELETE FROM identity_implied_roles WHERE prior_id = ? AND implied_id = ?')
  return {
    list: () => list.all(),
    has: ({ priorId, impliedId }) => has.get(priorId, impliedId) !== undefined,
    insert({ priorId, impliedId }) {
      insert.run(priorId, impliedId)
    },
    remove({ priorId, impliedId }) {
      remove.run(priorId, impliedId)
    },
  }
}
