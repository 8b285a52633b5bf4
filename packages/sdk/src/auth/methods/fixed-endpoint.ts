import type { AuthMethod } from './method.js'

/** A service without Keystone: requests carry no token, or a fixed one. */
export interface FixedEndpointAuth {
  readonly type: 'none'
  /** The endpoint of every service without an override. */
  readonly endpoint: string | undefined
  readonly token: string | undefined
  /** For a service that checks a name and a password itself. */
  readonly basic: { readonly username: string; readonly password: string } | undefined
  readonly projectId: string | undefined
}

export interface FixedEndpointOptions {
  /** The endpoint of the services, for `authType: 'none'`, `'admin_token'` and `'http_basic'`. */
  readonly endpoint?: string | undefined
  readonly token?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
}

/** Sends no login request. */
export const fixedEndpoint: AuthMethod<FixedEndpointAuth, FixedEndpointOptions> = {
  type: 'none',
  authTypes: ['none', 'admin_token', 'token_endpoint', 'http_basic'],
  keys: ['endpoint', 'token', 'username', 'password'],
  secrets: [{ key: 'password', with: ['username'] }],
  isMeant: (has) => has('token') && !has('password') && has('endpoint') && !has('auth_url'),
  read: (values) => ({
    type: 'none',
    endpoint: values.hasImageEndpoint ? values.text('endpoint') : values.need('endpoint'),
    token: ['none', 'http_basic'].includes(values.authType ?? '') ? undefined : values.need('token'),
    basic:
      values.authType === 'http_basic'
        ? { username: values.need('username'), password: values.need('password') }
        : undefined,
    projectId: values.text('project_id'),
  }),
  authenticate: ({ token, basic, projectId }) =>
    Promise.resolve({
      token,
      authorization: basic && basicAuthorization(basic),
      expiresAt: undefined,
      catalog: [],
      projectId,
      projectName: undefined,
      userId: undefined,
      userName: undefined,
      roles: [],
    }),
  secretsOf: (auth) => [auth.token, auth.basic?.password],
  cacheIdentity: () => undefined,
}

function basicAuthorization({ username, password }: { username: string; password: string }): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)))}`
}
