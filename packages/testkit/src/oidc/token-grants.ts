import { fresh, isVerified, type DeviceRequest, type Issued, type OidcClient, type OidcUser } from './known.js'

export interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Everything that the provider knows. */
export interface ProviderState {
  readonly users: readonly OidcUser[]
  readonly clients: readonly OidcClient[]
  readonly accessTokens: Map<string, Issued>
  readonly refreshTokens: Map<string, Issued>
  readonly codes: Map<string, Issued>
  readonly devices: Map<string, DeviceRequest>
  readonly lifeSeconds: number
}

export const refuse = (error: string, status = 400): Reply => ({ status, body: { error } })

/** One kind of token request (RFC 6749 section 4, RFC 8628). */
export type Grant = (state: ProviderState, client: OidcClient, form: URLSearchParams) => Reply

export const grants: Readonly<Record<string, Grant>> = {
  client_credentials(state, client, form) {
    if (client.secret === undefined) return refuse('unauthorized_client')
    return issue(state, { clientId: client.id, username: undefined, scope: form.get('scope') ?? '' })
  },
  password(state, client, form) {
    const user = state.users.find(({ username }) => username === form.get('username'))
    const isRight = user?.password === form.get('password') && user?.totp === (form.get('totp') ?? undefined)
    if (!isRight)
      return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid user credentials' } }
    return issue(state, { clientId: client.id, username: user?.username, scope: form.get('scope') ?? '' })
  },
  refresh_token(state, client, form) {
    const token = form.get('refresh_token') ?? ''
    const known = state.refreshTokens.get(token)
    state.refreshTokens.delete(token)
    return known?.clientId === client.id ? issue(state, known) : refuse('invalid_grant')
  },
  authorization_code(state, client, form) {
    const code = form.get('code') ?? ''
    const known = state.codes.get(code)
    state.codes.delete(code)
    const isFor = known?.clientId === client.id && known.redirectUri === (form.get('redirect_uri') ?? undefined)
    if (!isFor || !isVerified(known.challenge, form.get('code_verifier') ?? undefined)) return refuse('invalid_grant')
    return issue(state, known)
  },
  'urn:ietf:params:oauth:grant-type:device_code'(state, client, form) {
    const code = form.get('device_code') ?? ''
    const device = state.devices.get(code)
    if (device?.clientId !== client.id) return refuse('invalid_grant')
    if (device.slowDowns > 0) {
      device.slowDowns -= 1
      return refuse('slow_down')
    }
    if (device.state === 'pending') return refuse('authorization_pending')
    state.devices.delete(code)
    if (device.state === 'denied') return refuse('access_denied')
    if (device.state === 'expired') return refuse('expired_token')
    if (!isVerified(device.challenge, form.get('code_verifier') ?? undefined)) return refuse('invalid_grant')
    return issue(state, { clientId: client.id, username: device.state.username, scope: device.scope })
  },
}

function issue(state: ProviderState, { clientId, username, scope }: Omit<Issued, 'expiresAt'>): Reply {
  const { lifeSeconds } = state
  const issued = { clientId, username, scope, expiresAt: Date.now() + lifeSeconds * 1000 }
  const accessToken = fresh()
  state.accessTokens.set(accessToken, issued)
  const refreshToken = username === undefined ? undefined : fresh()
  if (refreshToken !== undefined) state.refreshTokens.set(refreshToken, issued)
  return {
    status: 200,
    body: {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: lifeSeconds,
      scope,
      ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      ...(scope.split(' ').includes('openid') && { id_token: accessToken }),
    },
  }
}
