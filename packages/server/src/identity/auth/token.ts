import { Refusal } from '../../refusal.js'
import { stringAt } from '../fields.js'
import type { AuthMethod } from './method.js'

/** Exchanges a token for another one with the same expiry (keystone/auth/plugins/token.py). */
export const tokenMethod: AuthMethod = {
  name: 'token',
  async prove(fields, { tokens }) {
    const token = tokens.find(stringAt(fields, 'id', 'identity/token'))
    if (token === undefined) throw new Refusal('not-found', 'Failed to validate token')
    const { applicationCredentialId } = token
    return {
      user: token.user,
      methods: token.methods,
      parentAuditId: token.auditIds.at(-1),
      expiresAt: token.expiresAt,
      // The token of an application credential must not be exchanged for one with more rights than the credential has.
      ...(applicationCredentialId !== null && { applicationCredentialId, boundScope: token.scope }),
    }
  },
}
