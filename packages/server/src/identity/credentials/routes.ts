import { respond, respondJson } from '../../http/respond.js'
import { objectAt, optionalStringAt, stringAt } from '../auth/fields.js'
import { Refusal } from '../../refusal.js'
import { couldNotFind, forbidden } from '../errors.js'
import { collection, selfLink } from '../http/collection.js'
import { jsonObject } from '../http/json-body.js'
import { parameter, requireSelf, type IdentityContext, type IdentityParts } from '../http/identity-context.js'
import { freshId } from '../stable-id.js'
import type { UserCredential } from './user-credential-repository.js'

/** `/v3/credentials` (keystone/api/credentials.py), for what a user logs in with; none is changed in place. */
export function mountCredentials({ app, directory, tokens, context }: IdentityParts): void {
  const { userCredentials } = directory
  /** A token that was delegated must not be a way to log in as its user. */
  const refuseDelegated = (c: IdentityContext) => {
    const token = tokens.find(c.get('caller').token)
    if (token?.credential !== undefined) {
      throw new Refusal(
        'forbidden',
        'You are not authorized to perform the requested action: Delegated tokens cannot access credentials directly.',
      )
    }
  }
  const find = (c: IdentityContext, action: string): UserCredential => {
    const id = parameter(c, 'id')
    const credential = userCredentials.find(id)
    const { isAdmin, userId } = c.get('caller')
    // A caller that may not see it does not learn whether it is there.
    if (!isAdmin && credential?.userId !== userId) throw forbidden(`identity:${action}`)
    if (credential === undefined) throw couldNotFind('credential', id)
    refuseDelegated(c)
    return credential
  }

  app.get('/v3/credentials', (c) => {
    const { isAdmin, userId } = c.get('caller')
    const { user_id, type } = c.req.query()
    const isDelegated = tokens.find(c.get('caller').token)?.credential !== undefined
    const found = isDelegated ? [] : userCredentials.list(user_id, type)
    const seen = found.filter((each) => isAdmin || each.userId === userId)
    return collection(
      c,
      'credentials',
      seen.map((each) => toWireCredential(each, context.baseUrl())),
      context.baseUrl(),
    )
  })
  app.post('/v3/credentials', async (c) => {
    const credential = readCredential(await jsonObject(c))
    requireSelf(c, credential.userId, 'create_credential')
    refuseDelegated(c)
    requireRoom(userCredentials.list(credential.userId).length)
    userCredentials.insert(credential)
    return respondJson(c, { credential: toWireCredential(credential, context.baseUrl()) }, 201)
  })
  app.get('/v3/credentials/:id', (c) =>
    respondJson(c, { credential: toWireCredential(find(c, 'get_credential'), context.baseUrl()) }),
  )
  app.delete('/v3/credentials/:id', (c) => {
    userCredentials.remove(find(c, 'delete_credential').id)
    return respond(c, 204)
  })
}

/** A list is sent whole, so it has an end, as that of application credentials has. */
const mostCredentials = 1000

function requireRoom(count: number): void {
  if (count < mostCredentials) return
  throw new Refusal(
    'forbidden',
    `Unable to create additional credentials, maximum of ${count} already exceeded for user.`,
  )
}

function readCredential(body: Readonly<Record<string, unknown>>): UserCredential {
  const path = 'credential'
  const fields = objectAt(body[path], path)
  const type = stringAt(fields, 'type', path)
  if (type.toLowerCase() === 'ec2') {
    throw new Refusal(
      'invalid',
      'Credentials of the type ec2 are for the EC2 and S3 APIs, which this cloud does not have.',
    )
  }
  return {
    id: freshId(),
    userId: stringAt(fields, 'user_id', path),
    projectId: optionalStringAt(fields, 'project_id', path) ?? null,
    type,
    blob: stringAt(fields, 'blob', path),
  }
}

function toWireCredential({ id, userId, projectId, type, blob }: UserCredential, baseUrl: string): object {
  return { id, user_id: userId, project_id: projectId, type, blob, ...selfLink(baseUrl, `credentials/${id}`) }
}
