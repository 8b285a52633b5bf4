import { respond, respondJson } from '../../http/respond.js'
import { jsonObject } from '../http/json-body.js'
import type { IdentityContext, Site } from '../http/site.js'
import type { ValidToken } from '../tokens/token-service.js'
import { toWireToken } from '../tokens/token-wire.js'
import type { AuthService } from './auth-service.js'

const subjectHeader = 'x-subject-token'

/** `POST /v3/auth/tokens`: the one route that needs no token. */
export function mountLogin({ app, baseUrl }: Site, auth: AuthService, region: string): void {
  app.post('/v3/auth/tokens', async (c) => {
    const { id, token } = await auth.logIn(await jsonObject(c))
    return respondToken(c, id, token, { baseUrl: baseUrl(), region, status: 201 })
  })
}

/** `/v3/auth/tokens` for callers that have one. */
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

function respondToken(
  c: IdentityContext,
  id: string,
  token: ValidToken,
  { baseUrl, region, status }: { readonly baseUrl: string; readonly region: string; readonly status: number },
): Response {
  const withCatalog = c.req.query('nocatalog') === undefined
  return respondJson(c, { token: toWireToken(token, { baseUrl, region, withCatalog }) }, status, {
    vary: 'X-Auth-Token',
    [subjectHeader]: id,
  })
}
