import { respond, respondJson } from '../../http/respond.js'
import { jsonObject } from '../http/json-body.js'
import type { IdentityContext, Site } from '../http/site.js'
import type { ValidToken } from '../tokens/token-service.js'
import type { AuthService } from './auth-service.js'
import type { CatalogService } from '../catalog/catalog-service.js'
import { defaultDomain } from '../domains/default-domain.js'
import { wireTime } from '../wire-time.js'

const subjectHeader = 'x-subject-token'

/** `POST /v3/auth/tokens`: the one route that needs no token. */
export function mountLogin({ app }: Site, auth: AuthService, catalog: CatalogService): void {
  app.post('/v3/auth/tokens', async (c) => {
    const { id, token } = await auth.logIn(await jsonObject(c))
    return respondToken(c, id, token, catalog, 201)
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

function subjectOf(c: IdentityContext): string {
  return c.req.header(subjectHeader) ?? ''
}

function respondToken(
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

/** The `token` object (keystone/common/render_token.py). */
function toWireToken(token: ValidToken, catalog: CatalogService | undefined): object {
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
