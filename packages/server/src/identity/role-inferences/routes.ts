import { respond, respondJson } from '../../http/respond.js'
import { parameter, selfLink, type IdentityContext, type Site } from '../http/site.js'
import type { ImpliedRoles, RoleInferenceService } from './role-inference-service.js'

/** `/v3/roles/{id}/implies` and `/v3/role_inferences`. */
export function mountRoleInferences({ app, baseUrl }: Site, inferences: RoleInferenceService): void {
  const one = (c: IdentityContext, { prior, implied }: ImpliedRoles, status = 200) => {
    const [first] = implied
    return respondJson(
      c,
      {
        role_inference: { prior_role: toWire(prior, baseUrl()), implies: first && toWire(first, baseUrl()) },
        ...selfLink(baseUrl(), `roles/${prior.id}/implies/${first?.id}`),
      },
      status,
    )
  }
  app.get('/v3/role_inferences', (c) => {
    const found = inferences.list(c.get('caller'))
    return respondJson(c, {
      role_inferences: found.map((each) => toWireInference(each, baseUrl())),
      ...selfLink(baseUrl(), 'role_inferences'),
    })
  })
  app.get('/v3/roles/:id/implies', (c) => {
    const found = inferences.impliedBy(c.get('caller'), parameter(c, 'id'))
    return respondJson(c, {
      role_inference: toWireInference(found, baseUrl()),
      ...selfLink(baseUrl(), `roles/${found.prior.id}/implies`),
    })
  })
  const path = '/v3/roles/:id/implies/:implied'
  const inferenceOf = (c: IdentityContext) => ({ priorId: parameter(c, 'id'), impliedId: parameter(c, 'implied') })
  app.get(path, (c) => {
    const found = inferences.get(c.get('caller'), inferenceOf(c))
    // HEAD comes here, too, and Keystone has another status for it.
    return c.req.method === 'HEAD' ? respond(c, 204) : one(c, found)
  })
  app.put(path, (c) => one(c, inferences.create(c.get('caller'), inferenceOf(c)), 201))
  app.delete(path, (c) => {
    inferences.remove(c.get('caller'), inferenceOf(c))
    return respond(c, 204)
  })
}

interface Role {
  readonly id: string
  readonly name: string
}

function toWireInference({ prior, implied }: ImpliedRoles, baseUrl: string): object {
  return { prior_role: toWire(prior, baseUrl), implies: implied.map((each) => toWire(each, baseUrl)) }
}

function toWire({ id, name }: Role, baseUrl: string): object {
  return { id, name, ...selfLink(baseUrl, `roles/${id}`) }
}
