import type { CloudConfig, UserConfig } from '../config/cloud-config.js'
import { inTransaction, type Database } from '../database/database.js'
import type { Assignment } from './assignments/assignment-repository.js'
import { createConfiguredRepository, type Configured } from './configured-repository.js'
import type { Directory } from './directory.js'
import { newProject } from './projects/new-project.js'
import { hashSecret, isSecret } from './secret-hash.js'
import { freshId, stableId } from './stable-id.js'
import { parseScopeKey, scopeKey, type Scope } from './tokens/scope.js'

/**
 * Brings projects, users and roles up to date with the configuration: what is different in it since the last start is
 * applied, and nothing else, so that what was changed by requests stays as it is. A user that is no longer configured
 * is disabled. A changed password ends the user's tokens. Disabling a user or removing a role ends the tokens and
 * application credentials that depend on it; adding it again does not restore them.
 */
export function seedIdentity(db: Database, directory: Directory, config: CloudConfig): void {
  const configured = createConfiguredRepository(db)
  inTransaction(db, () => {
    const left = new Map(configured.list().map((each) => [keyOf(each), each]))
    /** Runs `apply` unless the last configuration had the same. */
    const keep = (wanted: Pick<Configured, 'kind' | 'name'>, apply: (known: Configured | undefined) => Configured) => {
      const known = left.get(keyOf(wanted))
      left.delete(keyOf(wanted))
      const current = apply(known)
      if (current !== known) configured.save(current)
      return current
    }
    const projectIds = new Map(config.projects.map((name) => [name, keepProject(directory, keep, name)]))
    for (const user of config.users) {
      const userId = keepUser(directory, keep, user)
      keepTotpSecret(directory, keep, user, userId)
      const scope: Scope = { kind: 'project', projectId: projectIds.get(user.project) ?? '' }
      for (const role of user.roles) keepGrant(directory, keep, { actorId: userId, scope, role })
      // An admin has the role in the domain and the system too, as in devstack.
      if (!user.roles.includes('admin')) continue
      for (const kind of ['domain', 'system'] as const) {
        keepGrant(directory, keep, { actorId: userId, scope: { kind }, role: 'admin' })
      }
    }
    for (const each of left.values()) {
      takeBack(directory, each)
      configured.remove(each)
    }
  })
}

type Keep = (
  wanted: Pick<Configured, 'kind' | 'name'>,
  apply: (known: Configured | undefined) => Configured,
) => Configured

const keyOf = ({ kind, name }: Pick<Configured, 'kind' | 'name'>) => `${kind}:${name}`

function keepProject({ projects }: Directory, keep: Keep, name: string): string {
  const kind = 'project'
  const { id } = keep({ kind, name }, (known) => {
    if (known !== undefined) return known
    const id = projects.findByName(name)?.id ?? freshId()
    if (projects.find(id) === undefined) projects.insert({ ...newProject, id, name })
    return { kind, name, id, secretHash: null }
  })
  return id
}

function keepUser({ users, tokens }: Directory, keep: Keep, { name, password }: UserConfig): string {
  const kind = 'user'
  const { id } = keep({ kind, name }, (known) => {
    if (known?.secretHash !== undefined && known.secretHash !== null && isSecret(password, known.secretHash)) {
      return known
    }
    const user = (known && users.find(known.id)) ?? users.findByName(name)
    const id = user?.id ?? freshId()
    const isSame = typeof user?.passwordHash === 'string' && isSecret(password, user.passwordHash)
    const passwordHash = isSame ? user.passwordHash : hashSecret(password)
    // A changed password revokes the user's tokens (keystone/identity/core.py `_persist_revocation_event_for_user`).
    if (!isSame) tokens.removeOfUser(id)
    if (user === undefined) users.insert({ ...newUser, id, name, passwordHash })
    else users.update({ ...user, passwordHash, enabled: true })
    return { kind, name, id, secretHash: passwordHash }
  })
  return id
}

const newUser = { enabled: true, defaultProjectId: null, options: {}, extra: {} } as const

/** The configured secret is stored as one credential of the user; credentials that were created by requests stay. */
function keepTotpSecret(
  { credentials, users }: Directory,
  keep: Keep,
  { name, totpSecret }: UserConfig,
  userId: string,
): void {
  if (totpSecret === undefined) {
    credentials.remove(stableId('totp', userId))
    return
  }
  const kind = 'totp'
  keep({ kind, name }, (known) => {
    const secretHash = stableId('totp', userId, totpSecret)
    if (known?.secretHash === secretHash) return known
    const id = stableId('totp', userId)
    credentials.remove(id)
    if (users.find(userId) !== undefined) {
      credentials.insert({ id, userId, projectId: null, type: 'totp', blob: totpSecret })
    }
    return { kind, name, id: userId, secretHash }
  })
}

function keepGrant({ assignments, users, projects, roles }: Directory, keep: Keep, grant: Assignment): void {
  const kind = 'grant'
  const name = `${grant.actorId}/${scopeKey(grant.scope)}/${grant.role}`
  keep({ kind, name }, (known) => {
    if (known !== undefined) return known
    const { actorId, scope, role } = grant
    const isPossible =
      users.find(actorId) !== undefined &&
      roles.findByName(role) !== undefined &&
      (scope.kind !== 'project' || projects.find(scope.projectId) !== undefined)
    if (isPossible) assignments.add(grant)
    return { kind, name, id: grant.actorId, secretHash: null }
  })
}

/** Undoes what is no longer configured. A project stays, since images and containers may belong to it. */
function takeBack(directory: Directory, { kind, name, id }: Configured): void {
  if (kind === 'user') takeBackUser(directory, id)
  if (kind === 'totp') directory.credentials.remove(stableId('totp', id))
  if (kind === 'grant') takeBackGrant(directory, name)
}

function takeBackUser({ users, tokens, credentials, applicationCredentials }: Directory, id: string): void {
  const user = users.find(id)
  if (user === undefined) return
  users.update({ ...user, enabled: false })
  tokens.removeOfUser(id)
  credentials.removeOfUser(id)
  applicationCredentials.removeOfUser(id)
}

function takeBackGrant({ assignments, tokens, applicationCredentials }: Directory, name: string): void {
  const [userId = '', key = '', role = ''] = name.split('/')
  const scope = parseScopeKey(key)
  assignments.remove({ actorId: userId, scope, role })
  if (assignments.effectiveRolesOf(userId, scope).length > 0) return
  tokens.removeOf(userId, scope)
  if (scope.kind === 'project') applicationCredentials.removeOf(userId, scope.projectId)
}
