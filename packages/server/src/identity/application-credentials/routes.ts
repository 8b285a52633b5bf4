import { respond, respondJson } from '../../http/respond.js'
import { jsonObject } from '../http/json-body.js'
import { collection, parameter, selfLink, type Site } from '../http/site.js'
import { wireMoment } from '../wire-time.js'
import type { ApplicationCredential } from './application-credential.js'
import type { ApplicationCredentialService } from './application-credential-service.js'
import { readNewApplicationCredential } from './new-application-credential.js'

/** `/v3/users/{id}/application_credentials`. */
export function mountApplicationCredentials({ app, baseUrl }: Site, credentials: ApplicationCredentialService): void {
  const render = (credential: ApplicationCredential, secret?: string) => ({
    ...toWireCredential(credential, baseUrl(), secret),
    roles: credentials.rolesOf(credential).map((role) => ({ ...role, domain_id: null })),
  })

  app.get('/v3/users/:id/application_credentials', (c) => {
    const found = credentials.list(c.get('caller'), parameter(c, 'id'), c.req.query('name'))
    return collection(
      c,
      'application_credentials',
      found.map((each) => render(each)),
      baseUrl(),
    )
  })
  app.post('/v3/users/:id/application_credentials', async (c) => {
    // Checked before the body is read, so that a caller without the right gets 403 whatever the body holds.
    credentials.requireCreator(c.get('caller'), parameter(c, 'id'))
    const wanted = readNewApplicationCredential(await jsonObject(c))
    const { credential, secret } = credentials.create(c.get('caller'), wanted)
    return respondJson(c, { application_credential: render(credential, secret) }, 201)
  })
  app.get('/v3/users/:id/application_credentials/:credential', (c) => {
    const credential = credentials.get(c.get('caller'), parameter(c, 'id'), parameter(c, 'credential'))
    return respondJson(c, { application_credential: render(credential) })
  })
  app.delete('/v3/users/:id/application_credentials/:credential', (c) => {
    credentials.remove(c.get('caller'), parameter(c, 'id'), parameter(c, 'credential'))
    return respond(c, 204)
  })
}

function toWireCredential(credential: ApplicationCredential, baseUrl: string, secret?: string): object {
  const { id, userId, expiresAt } = credential
  return {
    id,
    name: credential.name,
    description: credential.description,
    user_id: userId,
    project_id: credential.projectId,
    system: null,
    expires_at: expiresAt === null ? null : wireMoment(expiresAt),
    unrestricted: credential.unrestricted,
    ...(credential.accessRules.length > 0 && { access_rules: credential.accessRules }),
    ...(secret !== undefined && { secret }),
    ...selfLink(baseUrl, `users/${userId}/application_credentials/${id}`),
  }
}
