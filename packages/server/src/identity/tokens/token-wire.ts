import { buildCatalog } from '../catalog/catalog.js'
import { defaultDomain } from '../domains/default-domain.js'
import { toRoles } from '../roles/roles.js'
import { wireTime } from '../wire-time.js'
import type { ValidToken } from './token-service.js'

export interface WireOptions {
  readonly baseUrl: string
  readonly region: string
  readonly withCatalog: boolean
}

/** The `token` object (keystone/common/render_token.py). */
export function toWireToken(token: ValidToken, { baseUrl, region, withCatalog }: WireOptions): object {
  const { scope, project, applicationCredential: credential } = token
  return {
    methods: token.methods,
    user: { domain: defaultDomain, id: token.user.id, name: token.user.name, password_expires_at: null },
    audit_ids: token.auditIds,
    expires_at: wireTime(token.expiresAt),
    issued_at: wireTime(token.issuedAt),
    ...(scope.kind === 'system' && { system: { all: true } }),
    ...(scope.kind === 'domain' && { domain: defaultDomain }),
    ...(project !== undefined && {
      project: { domain: defaultDomain, id: project.id, name: project.name },
      is_domain: false,
    }),
    ...(scope.kind !== 'unscoped' && {
      roles: toRoles(token.roles),
      ...(withCatalog && { catalog: buildCatalog(baseUrl, region, project?.id) }),
    }),
    ...(credential !== undefined && {
      application_credential: {
        id: credential.id,
        name: credential.name,
        restricted: !credential.unrestricted,
        ...(credential.accessRules.length > 0 && { access_rules: credential.accessRules }),
      },
    }),
  }
}
