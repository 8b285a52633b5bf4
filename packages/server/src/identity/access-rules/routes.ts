import type { AccessRule } from '../../http/access-rules.js'
import { respond, respondJson } from '../../http/respond.js'
import { collection, parameter, selfLink, type Site } from '../http/site.js'
import type { AccessRuleService } from './access-rule-service.js'

/** `/v3/users/{id}/access_rules`. */
export function mountAccessRules({ app, baseUrl }: Site, accessRules: AccessRuleService): void {
  const render = (rule: AccessRule, userId: string) => ({
    ...rule,
    ...selfLink(baseUrl(), `users/${userId}/access_rules/${rule.id}`),
  })
  app.get('/v3/users/:id/access_rules', (c) => {
    const userId = parameter(c, 'id')
    const found = accessRules.list(c.get('caller'), userId, c.req.query())
    return collection(
      c,
      'access_rules',
      found.map((rule) => render(rule, userId)),
      baseUrl(),
    )
  })
  app.get('/v3/users/:id/access_rules/:rule', (c) => {
    const userId = parameter(c, 'id')
    const rule = accessRules.get(c.get('caller'), userId, parameter(c, 'rule'))
    return respondJson(c, { access_rule: render(rule, userId) })
  })
  app.delete('/v3/users/:id/access_rules/:rule', (c) => {
    accessRules.remove(c.get('caller'), parameter(c, 'id'), parameter(c, 'rule'))
    return respond(c, 204)
  })
}
