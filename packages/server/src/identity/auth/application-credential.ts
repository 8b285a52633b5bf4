import type { ApplicationCredential } from '../application-credentials/application-credential.js'
import { couldNotFind, unauthorized } from '../errors.js'
import { proveSecret } from '../secret-hash.js'
import { objectAt, optionalStringAt, stringAt, type Fields } from '../fields.js'
import { userAt, type AuthMethod, type AuthParts } from './method.js'

const path = 'identity/application_credential'

/** keystone/auth/plugins/application_credential.py */
export const applicationCredentialMethod: AuthMethod = {
  name: 'application_credential',
  async prove(fields, parts) {
    const credential = find(fields, parts)
    const user = parts.directory.users.find(credential.userId)
    const isExpired = credential.expiresAt !== null && credential.expiresAt <= parts.now().getTime()
    if (
      user?.enabled !== true ||
      isExpired ||
      !(await proveSecret(stringAt(fields, 'secret', path), credential.secretHash))
    ) {
      throw unauthorized()
    }
    return {
      user,
      applicationCredentialId: credential.id,
      boundScope: { kind: 'project', projectId: credential.projectId },
    }
  },
}

/** Finds the credential by its id, or by its name and user. */
function find(fields: Fields, parts: AuthParts): ApplicationCredential {
  const { applicationCredentials } = parts.directory
  const id = optionalStringAt(fields, 'id', path)
  if (id !== undefined) {
    const credential = applicationCredentials.find(id)
    // Keystone responds to an unknown credential with 404, but to an unknown user with 401.
    if (credential === undefined) throw couldNotFind('Application Credential', id)
    return credential
  }
  const name = stringAt(fields, 'name', path)
  const user = userAt(objectAt(fields['user'], `${path}/user`), `${path}/user`, parts)
  const [credential] = applicationCredentials.list(user.id, name)
  if (credential === undefined) throw couldNotFind('Application Credential', name)
  return credential
}
