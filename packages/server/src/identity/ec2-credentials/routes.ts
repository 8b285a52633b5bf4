import { respond, respondJson } from '../../http/respond.js'
import type { Credential } from '../credentials/credential.js'
import { jsonObject } from '../http/json-body.js'
import { collection, parameter, selfLink, type Site } from '../http/site.js'
import { pythonRepr } from '../../python-repr.js'
import { readEc2Blob } from './ec2-blob.js'
import type { Ec2CredentialService } from './ec2-credential-service.js'

/** `/v3/users/{id}/credentials/OS-EC2`. */
export function mountEc2Credentials({ app, baseUrl }: Site, credentials: Ec2CredentialService): void {
  const all = '/v3/users/:user/credentials/OS-EC2'
  app.get(all, (c) => {
    const found = credentials.list(c.get('caller'), parameter(c, 'user'))
    return collection(
      c,
      'credentials',
      found.map((each) => toWire(each, baseUrl())),
      baseUrl(),
    )
  })
  app.post(all, async (c) => {
    const { tenant_id: given = null } = await jsonObject(c)
    const projectId = typeof given === 'string' ? given : pythonRepr(given)
    const credential = credentials.create(c.get('caller'), parameter(c, 'user'), projectId)
    return respondJson(c, { credential: toWire(credential, baseUrl()) }, 201)
  })
  app.get(`${all}/:access`, (c) => {
    const credential = credentials.get(c.get('caller'), parameter(c, 'user'), parameter(c, 'access'))
    return respondJson(c, { credential: toWire(credential, baseUrl()) })
  })
  app.delete(`${all}/:access`, (c) => {
    credentials.remove(c.get('caller'), parameter(c, 'user'), parameter(c, 'access'))
    return respond(c, 204)
  })
}

function toWire({ userId, projectId, blob }: Credential, baseUrl: string): object {
  const { access, secret = null, trust_id = null } = readEc2Blob(blob)
  const self = selfLink(baseUrl, `users/${userId}/credentials/OS-EC2/${access}`)
  return { user_id: userId, tenant_id: projectId, access, secret, trust_id, ...self }
}
