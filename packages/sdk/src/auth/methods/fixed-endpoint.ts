import type { AuthMethod } from './method.js'

/** A service without Keystone: requests carry no token, or a fixed one. */
export interface FixedEndpointAuth {
  readonly type: 'none'
  /** The endpoint of every service without an override. */
  readonly endpoint: string | undefined
  readonly token: string | undefined
  readonly projectId: string | undefined
}

export interface FixedEndpointOptions {
  /** The endpoint of the services, for `authType: 'none'` and `'admin_token'`. */
  readonly endpoint?: string | undefined
  readonly token?: string | undefined
}

/** Sends no login request. */
export const fixedEndpoint: AuthMethod<FixedEndpointAuth, FixedEndpointOptions> = {
  type: 'none',
  authTypes: ['none', 'admin_token', 'token_endpoint'],
  keys: ['endpoint', 'token'],
  isMeant: (has) => has('token') && !has('password') && has('endpoint') && !has('auth_url'),
  read: (values) => ({
    type: 'none',
    endpoint: values.hasImageEndpoint ? values.text('endpoint') : values.need('endpoint'),
    token: values.authType === 'none' ? undefined : values.need('token'),
    projectId: values.text('project_id'),
  }),
  authenticate: ({ token, projectId }) =>
    Promise.resolve({
      token,
      expiresAt: undefined,
      catalog: [],
      projectId,
      projectName: undefined,
      userId: undefined,
      userName: undefined,
      roles: [],
    }),
  secretsOf: (auth) => [auth.token],
  cacheIdentity: () => undefined,
}
