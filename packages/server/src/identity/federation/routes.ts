import { respond, respondJson } from '../../http/respond.js'
import { couldNotFind, unauthorized } from '../errors.js'
import type { IdentityProviderConfig } from '../../config/cloud-config.js'
import { defaultDomain } from '../domains/default-domain.js'
import { collection, parameter, selfLink, type IdentityContext, type Site } from '../http/site.js'
import type { FederationService } from './federation-service.js'
import { tokenForm } from './token-form.js'
import type { ValidToken } from '../tokens/token-service.js'

type RespondToken = (c: IdentityContext, id: string, token: ValidToken) => Response

const routeOf = (c: IdentityContext) => ({ provider: parameter(c, 'provider'), protocol: parameter(c, 'protocol') })

/** The logins, which need no token: by an access token, and with a browser (keystone/api/auth.py, os_federation.py). */
export function mountFederatedLogins(
  { app, baseUrl }: Site,
  federation: FederationService,
  respondToken: RespondToken,
): void {
  const login = '/v3/OS-FEDERATION/identity_providers/:provider/protocols/:protocol/auth'
  app.on(['GET', 'POST'], login, async (c) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? []
    if (token === undefined) throw unauthorized()
    const issued = await federation.logIn(routeOf(c), token)
    return respondToken(c, issued.id, issued.token)
  })
  const callback = '/v3/auth/OS-FEDERATION/callback'
  app.get('/v3/auth/OS-FEDERATION/identity_providers/:provider/protocols/:protocol/websso', async (c) => {
    const page = await federation.begin(routeOf(c), c.req.query('origin'), `${baseUrl()}/identity${callback}`)
    return respond(c, 302, { location: page, 'cache-control': 'no-store' })
  })
  app.get(callback, async (c) => {
    const [state, code] = [c.req.query('state'), c.req.query('code')]
    if (state === undefined || code === undefined) throw unauthorized()
    const { origin, token } = await federation.finish(state, code)
    return tokenForm(c, origin, token)
  })
}

/** The providers of the configuration, and what a token could be for. */
export function mountFederation({ app, baseUrl }: Site, { providers }: FederationService): void {
  const find = (c: IdentityContext) => {
    const name = parameter(c, 'provider')
    const provider = providers.find((each) => each.name === name)
    if (provider === undefined) throw couldNotFind('Identity Provider', name)
    return provider
  }
  app.get('/v3/OS-FEDERATION/identity_providers', (c) =>
    collection(
      c,
      'identity_providers',
      providers.map((provider) => wireProvider(provider, baseUrl())),
      baseUrl(),
    ),
  )
  app.get('/v3/OS-FEDERATION/identity_providers/:provider', (c) =>
    respondJson(c, { identity_provider: wireProvider(find(c), baseUrl()) }, 200),
  )
  app.get('/v3/OS-FEDERATION/identity_providers/:provider/protocols', (c) => {
    const { name, protocol } = find(c)
    const path = `OS-FEDERATION/identity_providers/${name}/protocols/${protocol}`
    const shown = { id: protocol, mapping_id: name, remote_id_attribute: null, ...selfLink(baseUrl(), path) }
    return collection(c, 'protocols', [shown], baseUrl())
  })
}

function wireProvider({ name, issuer }: IdentityProviderConfig, baseUrl: string): object {
  return {
    id: name,
    enabled: true,
    description: null,
    domain_id: defaultDomain.id,
    authorization_ttl: null,
    remote_ids: [issuer],
    ...selfLink(baseUrl, `OS-FEDERATION/identity_providers/${name}`),
  }
}
