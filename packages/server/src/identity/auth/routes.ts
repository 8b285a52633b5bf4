import { respond, respondJson } from '../../http/respond.js'
import { jsonObject } from '../http/json-body.js'
import type { IdentityContext, Site } from '../http/site.js'
import type { ValidToken } from '../tokens/token-service.js'
import type { AuthService } from './auth-service.js'
import { MoreMethodsNeeded } from './required-methods.js'
import type { CatalogService } from '../catalog/catalog-service.js'
import { defaultDomain } from '../domains/default-domain.js'
import { wireTime } from '../wire-time.js'

const subjectHeader = 'x-subject-token'
const receiptHeader = 'openstack-auth-receipt'

/** `POST /v3/auth/tokens`: the one route that needs no token. */
export function mountLogin({ app }: Site, auth: AuthService, catalog: CatalogService): void {
  app.post('/v3/auth/tokens', async (c) => {
    const receipt = c.req.header(receiptHeader)
    try {
      const { id, token } = await auth.logIn(await jsonObject(c), receipt === '' ? undefined : receipt)
      return respondToken(c, id, token, catalog, 201)
    } catch (error) {
      if (error instanceof MoreMethodsNeeded) return respondReceipt(c, error)
      throw error
    }
  })
}

/** The methods of `/v3/auth/tokens` that need a token. */
export function mountTokens({ app }: Site, auth: AuthService, catalog: CatalogService): void {
  app.get('/v3/auth/tokens', (c) => {
    const id = subjectOf(c)
    const token = auth.validate(c.get('caller'), id)
    return respondToken(c, id, token, catalog, 200)
  })
  app.delete('/v3/auth/tokens', (c) => {
    auth.revoke(c.get('caller'), subjectOf(c))
    return respond(c, 204)
  })
}

/** keystone/receipt/handlers.py `build_receipt` */
function respondReceipt(c: IdentityContext, { receipt, user, required }: MoreMethodsNeeded): Response {
  const { id, methods, issuedAt, expiresAt } = receipt
  const shown = {
    methods,
    user: { id: user.id, name: user.name, domain: defaultDomain },
    expires_at: wireTime(expiresAt),
    issued_at: wireTime(issuedAt),
  }
  return respondJson(c, { receipt: shown, required_auth_methods: required }, 401, { [receiptHeader]: id })
}

function subjectOf(c: IdentityContext): string {
  return c.req.header(subjectHeader) ?? ''
}

export function respondToken(
  c: IdentityContext,
  id: string,
  token: ValidToken,
  catalog: CatalogService,
  status: number,
): Response {
  const shown = c.req.query('nocatalog') === undefined ? catalog : undefined
  return respondJson(c, { token: toWireToken(token, shown) }, status, {
    vary: 'X-Auth-Token',
    [subjectHeader]: id,
  })
}

function toWireUser({ user: { id, name }, federation }: ValidToken): object {
  if (federation === undefined) return { domain: defaultDomain, id, name, password_expires_at: null }
  const { provider, protocol, groupIds } = federation
  return {
    domain: defaultDomain,
    id,
    name,
    'OS-FEDERATION': {
      groups: groupIds.map((group) => ({ id: group })),
      identity_provider: { id: provider },
      protocol: { id: protocol },
    },
  }
}

/** The `token` object (keystone/common/render_token.py). */
function toWireToken(token: ValidToken, catalog: CatalogService | undefined): object {
  const { scope, project, applicationCredential: credential } = token
  return {
    methods: token.methods,
    user: toWireUser(token),
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
      roles: token.roles.map(({ id, name }) => ({ id, name })),
      ...(catalog && { catalog: catalog.forToken({ projectId: project?.id, userId: token.user.id }) }),
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
