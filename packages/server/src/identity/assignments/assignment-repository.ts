import type { Database } from '../../database/database.js'
import { impliedRoles, type Role } from '../roles/role-repository.js'
import { parseScopeKey, scopeKey, type Scope } from '../tokens/scope.js'

export interface Assignment {
  readonly userId: string
  readonly scope: Scope
  /** The role's name. */
  readonly role: string
}

export interface AssignmentRepository {
  list(): Assignment[]
  /** The roles assigned to a user in the scope, without those that they imply. */
  rolesOf(userId: string, scope: Scope): string[]
  /** The roles assigned to a user in the scope, and those that they imply. */
  effectiveRolesOf(userId: string, scope: Scope): Role[]
  projectsOf(userId: string): string[]
  /** Nothing changes if the user has the role already. */
  add(assignment: Assignment): void
  has(assignment: Assignment): boolean
  remove(assignment: Assignment): void
  removeOfUser(userId: string): void
  removeOfScope(scope: Scope): void
}

export function createAssignmentRepository(db: Database): AssignmentRepository {
  const list = db.prepare('SELECT user_id, scope, role FROM identity_assignments ORDER BY user_id, scope, role')
  const rolesOf = db.prepare('SELECT role FROM identity_assignments WHERE user_id = ? AND scope = ?')
  const effectiveRolesOf = db.prepare(
    `SELECT id, name FROM (WITH held AS (
       SELECT r.id FROM identity_assignments a JOIN identity_roles r ON r.name = a.role
       WHERE a.user_id = ? AND a.scope = ?
     ) SELECT * FROM (${impliedRoles}))`,
  )
  const scopesOf = db.prepare('SELECT DISTINCT scope FROM identity_assignments WHERE user_id = ?')
  const add = db.prepare('INSERT OR IGNORE INTO identity_assignments (user_id, scope, role) VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM identity_assignments WHERE user_id = ? AND scope = ? AND role = ?')
  const removeOfUser = db.prepare('DELETE FROM identity_assignments WHERE user_id = ?')
  const removeOfScope = db.prepare('DELETE FROM identity_assignments WHERE scope = ?')
  const namesOf = (userId: string, scope: Scope) =>
    (rolesOf.all(userId, scopeKey(scope)) as unknown as { role: string }[]).map(({ role }) => role)
  return {
    list() {
      const rows = list.all() as unknown as { user_id: string; scope: string; role: string }[]
      return rows.map((row) => ({ userId: row.user_id, scope: parseScopeKey(row.scope), role: row.role }))
    },
    rolesOf: namesOf,
    effectiveRolesOf: (userId, scope) => effectiveRolesOf.all(userId, scopeKey(scope)),
    projectsOf(userId) {
      return (scopesOf.all(userId) as unknown as { scope: string }[]).flatMap((row) => {
        const scope = parseScopeKey(row.scope)
        return scope.kind === 'project' ? [scope.projectId] : []
      })
    },
    add({ userId, scope, role }) {
      add.run(userId, scopeKey(scope), role)
    },
    has: ({ userId, scope, role }) => namesOf(userId, scope).includes(role),
    remove({ userId, scope, role }) {
      remove.run(userId, scopeKey(scope), role)
    },
    removeOfUser(userId) {
      removeOfUser.run(userId)
    },
    removeOfScope(scope) {
      removeOfScope.run(scopeKey(scope))
    },
  }
}
