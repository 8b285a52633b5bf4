import { respond, respondJson } from '../../http/respond.js'
import { jsonObject } from '../http/json-body.js'
import { collection, parameter, selfLink, type Site } from '../http/site.js'
import { nullable, readResource, text, type Schema } from '../schema.js'
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
    const credential = credentials.create(c.get('caller'), readCredential(await jsonObject(c)))
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

/** keystone/credential/schema.py `create_request_body` */
const createSchema: Schema = {
  required: ['blob', 'type', 'user_id'],
  fields: { blob: text(), type: text(), user_id: text(), project_id: nullable(text()) },
}

/** An access key is for one project. */
const ec2Schema: Schema = { ...createSchema, required: ['project_id'] }

function readCredential(body: Readonly<Record<string, unknown>>): Omit<Credential, 'id'> {
  const { type: wanted } = readResource(body, 'credential', createSchema)
  const fields = readResource(body, 'credential', wanted === 'ec2' ? ec2Schema : createSchema)
  const { type, blob, user_id: userId, project_id: projectId = null } = fields as unknown as CreateFields
  return { userId, projectId, type, blob }
}

interface CreateFields {
  readonly type: string
  readonly blob: string
  readonly user_id: string
  readonly project_id?: string | null
}

function toWireCredential({ id, userId, projectId, type, blob }: Credential, baseUrl: string): object {
  return { id, user_id: userId, project_id: projectId, type, blob, ...selfLink(baseUrl, `credentials/${id}`) }
}
