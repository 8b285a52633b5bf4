import { respond, respondJson } from '../../http/respond.js'
import { jsonObject } from '../http/json-body.js'
import type { IdentityContext, Site } from '../http/site.js'
import type { ValidToken } from '../tokens/token-service.js'
import type { AuthService } from './auth-service.js'
import { buildCatalog } from '../catalog/catalog.js'
import { defaultDomain } from '../domains/default-domain.js'
import { wireTime } from '../wire-time.js'

const subjectHeader = 'x-subject-token'

/** `POST /v3/auth/tokens`: the one route that needs no token. */
export function mountLogin({ app, baseUrl }: Site, auth: AuthService, region: string): void {
  app.post('/v3/auth/tokens', async (c) => {
    const { id, token } = await auth.logIn(await jsonObject(c))
    return respondToken(c, id, token, { baseUrl: baseUrl(), region, status: 201 })
  })
}

/** The methods of `/v3/auth/tokens` that need a token. */
export function mountTokens({ app, baseUrl }: Site, auth: AuthService, region: string): void {
  app.get('/v3/auth/tokens', (c) => {
    const id = subjectOf(c)
    const token = auth.validate(c.get('caller'), id)
    return respondToken(c, id, token, { baseUrl: baseUrl(), region, status: 200 })
  })
  app.delete('/v3/auth/tokens', (c) => {
    auth.revoke(c.get('caller'), subjectOf(c))
    return respond(c, 204)
  })
}

function subjectOf(c: IdentityContext): string {
  return c.req.header(subjectHeader) ?? ''
}

interface TokenView {
  readonly baseUrl: string
  readonly region: string
  readonly withCatalog: boolean
}

function respondToken(
  c: IdentityContext,
  id: string,
  token: ValidToken,
  { status, ...view }: Omit<TokenView, 'withCatalog'> & { readonly status: number },
): Response {
  const withCatalog = c.req.query('nocatalog') === undefined
  return respondJson(c, { token: toWireToken(token, { ...view, withCatalog }) }, status, {
    vary: 'X-Auth-Token',
    [subjectHeader]: id,
  })
}

/** The `token` object (keystone/common/render_token.py). */
function toWireToken(token: ValidToken, { baseUrl, region, withCatalog }: TokenView): object {
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
