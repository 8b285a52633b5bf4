import type { Database } from '../../database/database.js'
import { parseScopeKey, scopeKey, type Scope } from '../tokens/scope.js'

export interface Assignment {
  readonly userId: string
  readonly scope: Scope
  readonly role: string
}

export interface AssignmentRepository {
  list(): Assignment[]
  /** The names of the roles assigned to a user in the scope, without those that they imply. */
  rolesOf(userId: string, scope: Scope): string[]
  projectsOf(userId: string): string[]
  replaceAll(assignments: readonly Assignment[]): void
}

export function createAssignmentRepository(db: Database): AssignmentRepository {
  const list = db.prepare('SELECT user_id, scope, role FROM identity_assignments ORDER BY user_id, scope, role')
  const rolesOf = db.prepare('SELECT role FROM identity_assignments WHERE user_id = ? AND scope = ?')
  const scopesOf = db.prepare('SELECT DISTINCT scope FROM identity_assignments WHERE user_id = ?')
  const clear = db.prepare('DELETE FROM identity_assignments')
  const insert = db.prepare('INSERT OR IGNORE INTO identity_assignments (user_id, scope, role) VALUES (?, ?, ?)')
  return {
    list() {
      const rows = list.all() as unknown as { user_id: string; scope: string; role: string }[]
      return rows.map((row) => ({ userId: row.user_id, scope: parseScopeKey(row.scope), role: row.role }))
    },
    rolesOf(userId, scope) {
      return (rolesOf.all(userId, scopeKey(scope)) as unknown as { role: string }[]).map(({ role }) => role)
    },
    projectsOf(userId) {
      return (scopesOf.all(userId) as unknown as { scope: string }[]).flatMap((row) => {
        const scope = parseScopeKey(row.scope)
        return scope.kind === 'project' ? [scope.projectId] : []
      })
    },
    replaceAll(assignments) {
      clear.run()
      for (const { userId, scope, role } of assignments) insert.run(userId, scopeKey(scope), role)
    },
  }
}
