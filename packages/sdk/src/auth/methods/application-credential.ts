import { readUser } from '../auth-values.js'
import { wireNamed, type NamedInDomain } from '../scope.js'
import { issueWith, type AuthMethod, type Factor } from './method.js'

/** The scope is always that of the credential. */
export interface ApplicationCredentialAuth {
  readonly type: 'applicationCredential'
  readonly authUrl: string
  readonly credential: { readonly id: string } | { readonly name: string; readonly user: NamedInDomain }
  readonly secret: string
}

export interface ApplicationCredentialOptions {
  readonly applicationCredentialId?: string | undefined
  readonly applicationCredentialName?: string | undefined
  readonly applicationCredentialSecret?: string | undefined
}

const factor: Factor<ApplicationCredentialAuth> = {
  proof: ({ credential, secret }) => ({ application_credential: { ...wireCredential(credential), secret } }),
  whenRefused:
    'the application credential or its secret is wrong, or the credential has expired or was deleted, or its user is ' +
    'disabled or has lost a role that it stands for: create a new one',
  // Keystone returns 404 for a deleted credential; it is treated like a wrong secret.
  isRefusal: ({ status, message }) => status === 404 && /application credential/i.test(message),
}

/** A separate secret for one project, created by a user for a program. */
export const applicationCredential: AuthMethod<ApplicationCredentialAuth, ApplicationCredentialOptions> = {
  type: 'applicationCredential',
  authTypes: ['v3applicationcredential', 'applicationcredential'],
  keys: ['application_credential_id', 'application_credential_name', 'application_credential_secret'],
  secrets: [
    {
      key: 'application_credential_secret',
      with: ['application_credential_id', 'application_credential_name'],
    },
  ],
  isMeant: (has) => has('application_credential_id') || has('application_credential_secret'),
  read(values) {
    const authUrl = values.authUrl()
    const id = values.text('application_credential_id')
    const name = id === undefined ? values.need('application_credential_id', 'application_credential_name') : ''
    const credential = id === undefined ? { name, user: readUser(values) } : { id }
    return { type: 'applicationCredential', authUrl, credential, secret: values.need('application_credential_secret') }
  },
  factor,
  authenticate: (auth, keystone) => issueWith(factor, auth, keystone),
  secretsOf: (auth) => [auth.secret],
  cacheIdentity: ({ credential, secret }) => ({ who: { credential }, secret }),
}

function wireCredential(credential: ApplicationCredentialAuth['credential']): object {
  if ('id' in credential) return { id: credential.id }
  return { name: credential.name, user: wireNamed(credential.user) }
}
