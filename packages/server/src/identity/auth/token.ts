import { Refusal } from '../../refusal.js'
import { stringAt } from '../fields.js'
import type { AuthMethod } from './method.js'

/** A token exchanged for another one, which ends when it does (keystone/auth/plugins/token.py). */
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
      // A credential's token must not become one for more than the credential is for.
      ...(applicationCredentialId !== null && { applicationCredentialId, boundScope: token.scope }),
    }
  },
}
