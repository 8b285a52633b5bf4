import { respond, respondJson } from '../../http/respond.js'
import { defaultDomain } from '../domains/default-domain.js'
import { jsonObject } from '../http/json-body.js'
import { enabledFilter } from '../http/query.js'
import { collection, parameter, selfLink, type IdentityContext, type Site } from '../http/site.js'
import { readResource } from '../schema.js'
import { toWireUser } from '../users/user-wire.js'
import { groupUpdateSchema, newGroupSchema } from './group-schema.js'
import type { GroupService } from './group-service.js'
import type { MembershipService } from './membership-service.js'

type Group = ReturnType<GroupService['get']>

/** `/v3/groups`. */
export function mountGroups({ app, baseUrl }: Site, groups: GroupService): void {
  const one = (c: IdentityContext, group: Group, status = 200) =>
    respondJson(c, { group: toWireGroup(group, baseUrl()) }, status)

  app.get('/v3/groups', (c) => {
    const { name, domain_id: domainId } = c.req.query()
    const found = groups.list(c.get('caller'), { name, domainId })
    return collection(
      c,
      'groups',
      found.map((each) => toWireGroup(each, baseUrl())),
      baseUrl(),
    )
  })
  app.post('/v3/groups', async (c) => {
    const fields = readResource(await jsonObject(c), 'group', newGroupSchema)
    return one(c, groups.create(c.get('caller'), fields), 201)
  })
  app.get('/v3/groups/:id', (c) => one(c, groups.get(c.get('caller'), parameter(c, 'id'))))
  app.patch('/v3/groups/:id', async (c) => {
    const fields = readResource(await jsonObject(c), 'group', groupUpdateSchema)
    return one(c, groups.update(c.get('caller'), parameter(c, 'id'), fields))
  })
  app.delete('/v3/groups/:id', (c) => {
    groups.remove(c.get('caller'), parameter(c, 'id'))
    return respond(c, 204)
  })
}

/** `/v3/groups/{group}/users`, `/v3/groups/{group}/users/{user}` and `/v3/users/{user}/groups`. */
export function mountMemberships({ app, baseUrl }: Site, memberships: MembershipService): void {
  app.get('/v3/users/:user/groups', (c) => {
    const found = memberships.groupsOf(c.get('caller'), parameter(c, 'user'))
    // Null: the user did not get into the group by a federated login, whose groups end.
    const wire = found.map((each) => ({
      ...toWireGroup(each, baseUrl()),
      membership_expires_at: null,
    }))
    return collection(c, 'groups', wire, baseUrl())
  })
  app.get('/v3/groups/:group/users', (c) => {
    const filter = { name: c.req.query('name'), enabled: enabledFilter(c) }
    const found = memberships.membersOf(c.get('caller'), parameter(c, 'group'), filter)
    return collection(
      c,
      'users',
      found.map((each) => toWireUser(each, baseUrl())),
      baseUrl(),
    )
  })
  const one = '/v3/groups/:group/users/:user'
  // HEAD is GET without a body.
  app.get(one, (c) => {
    memberships.check(c.get('caller'), parameter(c, 'group'), parameter(c, 'user'))
    return respond(c, 204)
  })
  app.put(one, (c) => {
    memberships.add(c.get('caller'), parameter(c, 'group'), parameter(c, 'user'))
    return respond(c, 204)
  })
  app.delete(one, (c) => {
    memberships.remove(c.get('caller'), parameter(c, 'group'), parameter(c, 'user'))
    return respond(c, 204)
  })
}

function toWireGroup({ id, name, description, extra }: Group, baseUrl: string): object {
  return {
    ...extra,
    id,
    name,
    domain_id: defaultDomain.id,
    description,
    ...selfLink(baseUrl, `groups/${id}`),
  }
}
