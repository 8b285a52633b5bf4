import type { ApplicationCredentialAuth, NamedInDomain, PasswordAuth, Scope, TokenAuth } from './auth-settings.js'

/** The body of `POST /v3/auth/tokens` (Identity API v3, "Authentication and token management"). */
export function authBody(auth: PasswordAuth | TokenAuth | ApplicationCredentialAuth): unknown {
  const scope = auth.type === 'applicationCredential' ? undefined : auth.scope
  return { auth: { identity: identity(auth), ...(scope === undefined ? {} : { scope: wireScope(scope) }) } }
}

function identity(auth: PasswordAuth | TokenAuth | ApplicationCredentialAuth): unknown {
  if (auth.type === 'password') {
    return { methods: ['password'], password: { user: { ...wireNamed(auth.user), password: auth.password } } }
  }
  if (auth.type === 'token') return { methods: ['token'], token: { id: auth.token } }
  const credential = { ...wireCredential(auth.credential), secret: auth.secret }
  return { methods: ['application_credential'], application_credential: credential }
}

function wireCredential(credential: ApplicationCredentialAuth['credential']): object {
  if ('id' in credential) return { id: credential.id }
  return { name: credential.name, user: wireNamed(credential.user) }
}

function wireNamed(named: NamedInDomain): object {
  return 'id' in named ? { id: named.id } : { name: named.name, domain: named.domain }
}

function wireScope(scope: Scope): unknown {
  if (scope === 'unscoped') return 'unscoped'
  if ('project' in scope) return { project: wireNamed(scope.project) }
  if ('domain' in scope) return { domain: scope.domain }
  return { system: { all: true } }
}
