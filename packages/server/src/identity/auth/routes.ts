import { respond, respondJson } from '../../http/respond.js'
import { buildCatalog } from '../catalog/catalog.js'
import { defaultDomain } from '../domains/default-domain.js'
import { toWireDomain } from '../domains/routes.js'
import { Refusal } from '../../refusal.js'
import { forbidden } from '../errors.js'
import { collection } from '../http/collection.js'
import { jsonObject } from '../http/json-body.js'
import type { IdentityContext, IdentityParts } from '../http/identity-context.js'
import { toWireProject } from '../projects/routes.js'
import type { ValidToken } from '../tokens/token-service.js'
import { toWireToken } from '../tokens/token-wire.js'
import { logIn } from './log-in.js'

const subjectHeader = 'x-subject-token'
const subjectHeaders = (id: string) => ({ vary: 'X-Auth-Token', [subjectHeader]: id })

/** `POST /v3/auth/tokens`: the one route that needs no token. */
export function mountLogin({ app, directory, tokens, context }: IdentityParts): void {
  app.post('/v3/auth/tokens', async (c) => {
    const request = await logIn(await jsonObject(c), { directory, tokens, now: context.now })
    const { id, token } = tokens.issue(request)
    return respondJson(c, { token: render(c, token) }, 201, subjectHeaders(id))
  })
  const render = (c: IdentityContext, token: ValidToken) =>
    toWireToken(token, { baseUrl: context.baseUrl(), region: context.config.region, withCatalog: wantsCatalog(c) })
}

/** `/v3/auth/…` for callers that have a token (keystone/api/auth.py). */
export function mountAuth({ app, directory, tokens, context }: IdentityParts): void {
  const subject = (c: IdentityContext, action: string) => {
    const id = c.req.header(subjectHeader) ?? ''
    const token = tokens.find(id)
    if (token === undefined) throw new Refusal('not-found', 'Failed to validate token')
    const caller = c.get('caller')
    const isAllowed = caller.isAdmin || caller.roles.includes('service') || caller.userId === token.user.id
    if (!isAllowed) throw forbidden(`identity:${action}`)
    return { id, token }
  }
  app.get('/v3/auth/tokens', (c) => {
    const { id, token } = subject(c, 'validate_token')
    const options = { baseUrl: context.baseUrl(), region: context.config.region, withCatalog: wantsCatalog(c) }
    return respondJson(c, { token: toWireToken(token, options) }, 200, subjectHeaders(id))
  })
  app.delete('/v3/auth/tokens', (c) => {
    tokens.revoke(subject(c, 'revoke_token').id)
    return respond(c, 204)
  })
  app.get('/v3/auth/catalog', (c) => {
    const { projectId, domainId, roles } = c.get('caller')
    // An unscoped token has no catalogue (keystone/api/auth.py `AuthCatalogResource`).
    if (projectId === undefined && domainId === undefined && roles.length === 0)
      throw forbidden('identity:get_auth_catalog')
    const catalog = buildCatalog(context.baseUrl(), context.config.region, projectId)
    return respondJson(c, { catalog, links: { self: `${context.baseUrl()}/identity/v3/auth/catalog` } })
  })
  app.get('/v3/auth/projects', (c) => {
    const ids = directory.assignments.projectsOf(c.get('caller').userId)
    const projects = directory.projects.list().filter(({ id }) => ids.includes(id))
    return collection(
      c,
      'projects',
      projects.map((each) => toWireProject(each, context.baseUrl())),
      context.baseUrl(),
    )
  })
  app.get('/v3/auth/domains', (c) => {
    const isAdminThere = directory.assignments.rolesOf(c.get('caller').userId, { kind: 'domain' }).length > 0
    const domains = isAdminThere ? [toWireDomain(defaultDomain, context.baseUrl())] : []
    return collection(c, 'domains', domains, context.baseUrl())
  })
  app.get('/v3/auth/system', (c) => {
    const isAdminThere = directory.assignments.rolesOf(c.get('caller').userId, { kind: 'system' }).length > 0
    return respondJson(c, {
      system: isAdminThere ? [{ all: true }] : [],
      links: { self: `${context.baseUrl()}/identity/v3/auth/system` },
    })
  })
}

function wantsCatalog(c: IdentityContext): boolean {
  return c.req.query('nocatalog') === undefined
}
