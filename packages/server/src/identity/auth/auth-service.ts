import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { forbidden } from '../errors.js'
import type { ValidToken } from '../tokens/token-service.js'
import type { UserRecord } from '../users/user-repository.js'
import { logIn } from './log-in.js'
import type { AuthParts } from './method.js'

/** Issues, validates and revokes tokens (keystone/api/auth.py). */
export interface AuthService {
  /**
   * @param receiptId of an earlier login that was not sufficient
   * @throws unauthenticated for anything that does not prove the user's identity; MoreMethodsNeeded
   */
  logIn(body: Readonly<Record<string, unknown>>, receiptId: string | undefined): Promise<IssuedToken>
  /** An unscoped token for a user whose identity another provider has proved. @throws unauthenticated */
  issueFor(user: UserRecord, methods: readonly string[]): IssuedToken
  /** @throws not-found; forbidden for another user's token, unless the caller is a service or an admin */
  validate(caller: Caller, id: string): ValidToken
  revoke(caller: Caller, id: string): void
}

interface IssuedToken {
  readonly id: string
  readonly token: ValidToken
}

export function createAuthService(parts: AuthParts): AuthService {
  const { tokens } = parts
  const find = (caller: Caller, id: string, action: string): ValidToken => {
    const token = tokens.find(id)
    if (token === undefined) throw new Refusal('not-found', 'Failed to validate token')
    const isAllowed = caller.isAdmin || caller.roles.includes('service') || caller.userId === token.user.id
    if (!isAllowed) throw forbidden(`identity:${action}`)
    return token
  }
  return {
    logIn: async (body, receiptId) => tokens.issue(await logIn(body, receiptId, parts)),
    issueFor: (user, methods) => tokens.issue({ userId: user.id, methods, scope: { kind: 'unscoped' } }),
    validate: (caller, id) => find(caller, id, 'validate_token'),
    revoke(caller, id) {
      find(caller, id, 'revoke_token')
      tokens.revoke(id)
    },
  }
}
