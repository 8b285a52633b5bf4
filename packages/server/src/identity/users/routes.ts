import { respond, respondJson } from '../../http/respond.js'
import { Refusal } from '../../refusal.js'
import type { Fields } from '../fields.js'
import { jsonObject } from '../http/json-body.js'
import { enabledFilter } from '../http/query.js'
import { collection, parameter, type IdentityContext, type Site } from '../http/site.js'
import { pythonRepr } from '../../python-repr.js'
import { readResource } from '../schema.js'
import { newUserSchema, userUpdateSchema } from './user-schema.js'
import { toWireUser } from './user-wire.js'
import type { UserService } from './user-service.js'

type User = ReturnType<UserService['get']>

/** `POST /v3/users/{id}/password`, which needs the old password instead of a token. */
export function mountPasswordChange({ app }: Site, users: UserService): void {
  app.post('/v3/users/:id/password', async (c) => {
    const { original, password } = readPasswordChange(await jsonObject(c))
    await users.changePassword(parameter(c, 'id'), original, password)
    return respond(c, 204)
  })
}

/** `/v3/users`. */
export function mountUsers({ app, baseUrl }: Site, users: UserService): void {
  const one = (c: IdentityContext, user: User, status = 200) =>
    respondJson(c, { user: toWireUser(user, baseUrl()) }, status)

  app.get('/v3/users', (c) => {
    const { name, domain_id: domainId } = c.req.query()
    const found = users.list(c.get('caller'), { name, domainId, enabled: enabledFilter(c) })
    return collection(
      c,
      'users',
      found.map((each) => toWireUser(each, baseUrl())),
      baseUrl(),
    )
  })
  app.post('/v3/users', async (c) => {
    const fields = readResource(await jsonObject(c), 'user', newUserSchema)
    return one(c, users.create(c.get('caller'), fields), 201)
  })
  app.get('/v3/users/:id', (c) => one(c, users.get(c.get('caller'), parameter(c, 'id'))))
  app.patch('/v3/users/:id', async (c) => {
    const fields = readResource(await jsonObject(c), 'user', userUpdateSchema)
    const user = users.update(c.get('caller'), parameter(c, 'id'), fields)
    // Only here does Keystone also say which fields it has no column for.
    return respondJson(c, { user: { ...toWireUser(user, baseUrl()), extra: user.extra } })
  })
  app.delete('/v3/users/:id', (c) => {
    users.remove(c.get('caller'), parameter(c, 'id'))
    return respond(c, 204)
  })
}

/** keystone/identity/schema.py `password_change` */
function readPasswordChange(body: Fields): { readonly original: string; readonly password: string } {
  const user = body['user'] ?? {}
  const fields = typeof user === 'object' && !Array.isArray(user) ? (user as Fields) : {}
  for (const name of ['original_password', 'password']) {
    if (fields[name] === undefined) throw new Refusal('invalid', `'${name}' is a required property`)
    if (typeof fields[name] !== 'string') {
      throw new Refusal('invalid', `Invalid input for field '${name}': it is not of type 'string'`)
    }
  }
  const unexpected = Object.keys(fields).find((name) => name !== 'original_password' && name !== 'password')
  if (unexpected !== undefined) {
    const message = `Additional properties are not allowed (${pythonRepr(unexpected)} was unexpected)`
    throw new Refusal('invalid', message)
  }
  return { original: String(fields['original_password']), password: String(fields['password']) }
}
