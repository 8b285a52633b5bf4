import { randomBytes } from 'node:crypto'
import type { Caller, TokenVerifier } from '../../context.js'
import type { ApplicationCredential } from '../application-credentials/application-credential.js'
import type { Directory } from '../directory.js'
import { defaultDomain } from '../domains/default-domain.js'
import { unauthorized } from '../errors.js'
import type { ProjectRecord } from '../projects/project-repository.js'
import type { Role } from '../roles/role-repository.js'
import { originOf } from '../users/federated-origin.js'
import type { UserRecord } from '../users/user-repository.js'
import type { Scope } from './scope.js'
import type { TokenRecord } from './token-repository.js'

/** A valid token, with its user, project and roles as they are at this moment. */
export interface ValidToken extends TokenRecord {
  readonly user: UserRecord
  readonly project: ProjectRecord | undefined
  /** Implied ones included. */
  readonly roles: readonly Role[]
  readonly applicationCredential: ApplicationCredential | undefined
  /** Undefined for a user of this cloud. */
  readonly federation: FederatedOrigin | undefined
}

/** The identity provider that a user comes from, and the groups that its rules put the user in. */
export interface FederatedOrigin {
  readonly provider: string
  readonly protocol: string
  readonly groupIds: readonly string[]
}

/** A request for a new token; what is left out gets its default. */
export interface TokenRequest {
  readonly userId: string
  readonly scope: Scope
  readonly methods: readonly string[]
  /** The audit id of the token that is exchanged for this one. */
  readonly parentAuditId?: string | undefined
  /** Milliseconds since 1970. @default now plus the configured lifetime */
  readonly expiresAt?: number | undefined
  readonly applicationCredentialId?: string | null | undefined
}

export interface TokenService extends TokenVerifier {
  /** @throws unauthorized when the user has no role in the scope */
  issue(request: TokenRequest): { readonly id: string; readonly token: ValidToken }
  /** Undefined when it is unknown, expired, revoked, or its user, project, role or credential is gone. */
  find(id: string): ValidToken | undefined
  revoke(id: string): void
}

/** Tokens are opaque and stored in the database, so that they survive a restart and can be revoked. */
export function createTokenService(directory: Directory, now: () => Date, lifeSeconds: number): TokenService {
  const { users, groups, projects, assignments, applicationCredentials, tokens } = directory
  const recent = rememberTokens<ValidToken>(directory.revision)

  const resolve = (record: TokenRecord): ValidToken | undefined => {
    const user = users.find(record.userId)
    if (user?.enabled !== true) return undefined
    const { scope } = record
    const project = scope.kind === 'project' ? projects.find(scope.projectId) : undefined
    if (scope.kind === 'project' && project?.enabled !== true) return undefined
    const { applicationCredentialId } = record
    const applicationCredential =
      applicationCredentialId === null ? undefined : applicationCredentials.find(applicationCredentialId)
    if (applicationCredentialId !== null && applicationCredential === undefined) return undefined
    const assigned = scope.kind === 'unscoped' ? [] : assignments.effectiveRolesOf(user.id, scope)
    const roles =
      applicationCredential === undefined
        ? assigned
        : assigned.filter(({ name }) => applicationCredential.roles.includes(name))
    if (scope.kind !== 'unscoped' && roles.length === 0) return undefined
    const origin = originOf(user)
    const federation = origin && { ...origin, groupIds: groups.listOf(user.id).map(({ id }) => id) }
    return { ...record, user, project, roles, applicationCredential, federation }
  }
  const lookUp = (id: string): ValidToken | undefined => {
    const record = tokens.find(id)
    const token = record && resolve(record)
    if (token !== undefined) recent.add(id, token)
    return token
  }
  const hasExpired = ({ expiresAt, applicationCredential }: ValidToken) =>
    Math.min(expiresAt, applicationCredential?.expiresAt ?? Infinity) <= now().getTime()
  const find = (id: string): ValidToken | undefined => {
    const token = recent.get(id) ?? lookUp(id)
    return token === undefined || hasExpired(token) ? undefined : token
  }
  return {
    find,
    issue(request) {
      const issuedAt = now().getTime()
      tokens.removeExpired(issuedAt)
      const parent = request.parentAuditId
      const record: TokenRecord = {
        userId: request.userId,
        scope: request.scope,
        methods: request.methods,
        auditIds: [auditId(), ...(parent === undefined ? [] : [parent])],
        issuedAt,
        // Rounded down to whole seconds, because the wire format has no fractions.
        expiresAt: request.expiresAt ?? Math.floor(issuedAt / 1000 + lifeSeconds) * 1000,
        applicationCredentialId: request.applicationCredentialId ?? null,
      }
      const token = resolve(record)
      if (token === undefined || hasExpired(token)) throw unauthorized()
      const id = `tyrax-${randomBytes(48).toString('base64url')}`
      tokens.insert(id, record)
      return { id, token }
    },
    revoke: (id) => tokens.remove(id),
    verify(id) {
      const token = find(id)
      return token && toCaller(id, token)
    },
  }
}

function toCaller(id: string, token: ValidToken): Caller {
  const roles = token.roles.map(({ name }) => name.toLowerCase())
  return {
    token: id,
    userId: token.user.id,
    userName: token.user.name,
    projectId: token.project?.id,
    projectName: token.project?.name,
    domainId: token.scope.kind === 'domain' ? defaultDomain.id : undefined,
    roles,
    isAdmin: roles.includes('admin'),
    accessRules: token.applicationCredential?.accessRules ?? [],
    expiresAt: new Date(token.expiresAt),
  }
}

function auditId(): string {
  return randomBytes(16).toString('base64url')
}

/** Far more tokens than clients use at the same time; together they take a few MiB. */
const mostTokens = 1000

/**
 * Caches the tokens that were looked up since Keystone's records last changed, so that a client's next request with the
 * same token needs no database query. Expiry changes no record, so the caller must check it.
 */
interface RecentTokens<Token> {
  get(id: string): Token | undefined
  add(id: string, token: Token): void
}

/** @param revision a number that changes whenever a record may have changed */
function rememberTokens<Token>(revision: () => number): RecentTokens<Token> {
  const tokens = new Map<string, Token>()
  let seen: number | undefined
  const forgetOutdated = () => {
    const current = revision()
    if (current === seen) return
    tokens.clear()
    seen = current
  }
  return {
    get(id) {
      forgetOutdated()
      return tokens.get(id)
    },
    add(id, token) {
      forgetOutdated()
      if (tokens.size >= mostTokens) tokens.clear()
      tokens.set(id, token)
    },
  }
}
