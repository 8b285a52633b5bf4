import { respond, respondJson } from '../../http/respond.js'
import { Refusal } from '../../refusal.js'
import { objectAt, optionalStringAt, stringAt } from '../fields.js'
import { jsonObject } from '../http/json-body.js'
import { collection, parameter, selfLink, type Site } from '../http/site.js'
import { readResource, text, type Schema } from '../schema.js'
import { freshId } from '../stable-id.js'
import type { Credential } from './credential.js'
import type { CredentialService } from './credential-service.js'

/** `/v3/credentials` (keystone/api/credentials.py). */
export function mountCredentials({ app, baseUrl }: Site, credentials: CredentialService): void {
  app.get('/v3/credentials', (c) => {
    const { user_id: userId, type } = c.req.query()
    const found = credentials.list(c.get('caller'), { userId, type })
    return collection(
      c,
      'credentials',
      found.map((each) => toWireCredential(each, baseUrl())),
      baseUrl(),
    )
  })
  app.post('/v3/credentials', async (c) => {
    const credential = readCredential(await jsonObject(c))
    credentials.create(c.get('caller'), credential)
    return respondJson(c, { credential: toWireCredential(credential, baseUrl()) }, 201)
  })
  app.get('/v3/credentials/:id', (c) =>
    respondJson(c, { credential: toWireCredential(credentials.get(c.get('caller'), parameter(c, 'id')), baseUrl()) }),
  )
  app.patch('/v3/credentials/:id', async (c) => {
    const { blob } = readResource(await jsonObject(c), 'credential', updateSchema)
    const credential = credentials.update(c.get('caller'), parameter(c, 'id'), String(blob))
    return respondJson(c, { credential: toWireCredential(credential, baseUrl()) })
  })
  app.delete('/v3/credentials/:id', (c) => {
    credentials.remove(c.get('caller'), parameter(c, 'id'))
    return respond(c, 204)
  })
}

/** keystone/credential/schema.py `update_request_body` */
const updateSchema: Schema = { required: ['blob'], isClosed: true, fields: { blob: text() } }

function readCredential(body: Readonly<Record<string, unknown>>): Credential {
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

function toWireCredential({ id, userId, projectId, type, blob }: Credential, baseUrl: string): object {
  return { id, user_id: userId, project_id: projectId, type, blob, ...selfLink(baseUrl, `credentials/${id}`) }
}
