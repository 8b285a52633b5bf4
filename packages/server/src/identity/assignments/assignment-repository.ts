import type { Database } from '../../database/database.js'
import { impliedRoles, type Role } from '../roles/role-repository.js'
import { parseScopeKey, scopeKey, type Scope } from '../tokens/scope.js'

export interface Assignment {
  /** The id of a user or a group. */
  readonly actorId: string
  readonly scope: Scope
  /** The role's name. */
  readonly role: string
}

export interface AssignmentRepository {
  list(): Assignment[]
  /** The roles assigned to a user or group itself in the scope, without those that they imply. */
  rolesOf(actorId: string, scope: Scope): string[]
  /** The roles assigned to a user or its groups in the scope, and those that they imply. */
  effectiveRolesOf(userId: string, scope: Scope): Role[]
  /** The projects in which a user or one of its groups has a role. */
  projectsOf(userId: string): string[]
  /** Nothing changes if the user or group has the role already. */
  add(assignment: Assignment): void
  has(assignment: Assignment): boolean
  remove(assignment: Assignment): void
  /** Whether a user or group has any role itself. */
  isAnyOf(actorId: string): boolean
  removeOfActor(actorId: string): void
  removeOfScope(scope: Scope): void
}

/** The ids of a user, the first parameter, and of its groups. */
const actors = 'SELECT ?1 UNION ALL SELECT group_id FROM identity_memberships WHERE user_id = ?1'

export function createAssignmentRepository(db: Database): AssignmentRepository {
  const list = db.prepare('SELECT actor_id, scope, role FROM identity_assignments ORDER BY actor_id, scope, role')
  const rolesOf = db.prepare('SELECT role FROM identity_assignments WHERE actor_id = ? AND scope = ?')
  const effectiveRolesOf = db.prepare(
    `SELECT id, name FROM (WITH held AS (
       SELECT r.id FROM identity_assignments a JOIN identity_roles r ON r.name = a.role
       WHERE a.actor_id IN (${actors}) AND a.scope = ?2
     ) SELECT * FROM (${impliedRoles}))`,
  )
  const scopesOf = db.prepare(`SELECT DISTINCT scope FROM identity_assignments WHERE actor_id IN (${actors})`)
  const anyOf = db.prepare('SELECT 1 FROM identity_assignments WHERE actor_id = ? LIMIT 1')
  const add = db.prepare('INSERT OR IGNORE INTO identity_assignments (actor_id, scope, role) VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM identity_assignments WHERE actor_id = ? AND scope = ? AND role = ?')
  const removeOfActor = db.prepare('DELETE FROM identity_assignments WHERE actor_id = ?')
  const removeOfScope = db.prepare('DELETE FROM identity_assignments WHERE scope = ?')
  const namesOf = (actorId: string, scope: Scope) =>
    (rolesOf.all(actorId, scopeKey(scope)) as unknown as { role: string }[]).map(({ role }) => role)
  return {
    list() {
      const rows = list.all() as unknown as { actor_id: string; scope: string; role: string }[]
      return rows.map((row) => ({ actorId: row.actor_id, scope: parseScopeKey(row.scope), role: row.role }))
    },
    rolesOf: namesOf,
    effectiveRolesOf: (userId, scope) => effectiveRolesOf.all(userId, scopeKey(scope)),
    projectsOf(userId) {
      return (scopesOf.all(userId) as unknown as { scope: string }[]).flatMap((row) => {
        const scope = parseScopeKey(row.scope)
        return scope.kind === 'project' ? [scope.projectId] : []
      })
    },
    add({ actorId, scope, role }) {
      add.run(actorId, scopeKey(scope), role)
    },
    has: ({ actorId, scope, role }) => namesOf(actorId, scope).includes(role),
    remove({ actorId, scope, role }) {
      remove.run(actorId, scopeKey(scope), role)
    },
    isAnyOf: (actorId) => anyOf.get(actorId) !== undefined,
    removeOfActor(actorId) {
      removeOfActor.run(actorId)
    },
    removeOfScope(scope) {
      removeOfScope.run(scopeKey(scope))
    },
  }
}
