import type { IdentityProviderConfig } from '../../config/cloud-config.js'
import { onceItSucceeds } from '../../once-it-succeeds.js'
import { unauthorized } from '../errors.js'
import type { Claims } from './mapping-rules.js'

/** An identity provider, as Apache's mod_auth_openidc in front of a real Keystone uses it. */
export interface ProviderClient {
  /** What the provider says about an access token. @throws unauthenticated when it does not accept the token */
  claimsOf(accessToken: string): Promise<Claims>
  /** The page on which a person signs in. */
  authorizeUrl(request: AuthorizeRequest): Promise<string>
  /** Exchanges the code that the page sent for an access token. @throws unauthenticated */
  exchange(code: string, redirectUri: string, verifier: string): Promise<string>
}

export interface AuthorizeRequest {
  readonly redirectUri: string
  readonly state: string
  readonly challenge: string
}

/** How long a provider may take for one response. */
const limitMs = 10_000

export function createProviderClient({
  issuer,
  clientId,
  clientSecret,
  scope,
}: IdentityProviderConfig): ProviderClient {
  const discover = onceItSucceeds(() => callJson(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`))
  const endpoint = async (name: string) => {
    const url = (await discover())[name]
    if (typeof url === 'string' && URL.canParse(url)) return url
    throw new Error(`the identity provider ${issuer} has no ${name}`)
  }
  const client =
    clientId === undefined || clientSecret === undefined
      ? undefined
      : `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`
  const post = (url: string, form: Readonly<Record<string, string>>) =>
    callJson(url, {
      method: 'POST',
      body: new URLSearchParams(client === undefined ? { ...form, client_id: clientId ?? '' } : form),
      headers: client === undefined ? {} : { authorization: client },
    })
  const introspect = async (token: string): Promise<Claims | undefined> => {
    const url = (await discover())['introspection_endpoint']
    if (client === undefined || typeof url !== 'string') return undefined
    const claims = await post(url, { token })
    if (claims['active'] !== true) throw unauthorized()
    return claims
  }
  /** A token of a client has no user to report about. */
  const userInfo = async (token: string): Promise<Claims | undefined> => {
    const url = await endpoint('userinfo_endpoint')
    const response = await send(url, { headers: { authorization: `Bearer ${token}` } })
    return response.ok ? ((await response.json()) as Claims) : undefined
  }
  return {
    async claimsOf(accessToken) {
      const introspected = await introspect(accessToken)
      const user = await userInfo(accessToken)
      if (introspected === undefined && user === undefined) throw unauthorized()
      return { iss: issuer, ...introspected, ...user }
    },
    async authorizeUrl({ redirectUri, state, challenge }) {
      const url = new URL(await endpoint('authorization_endpoint'))
      const query = {
        response_type: 'code',
        client_id: clientId ?? '',
        redirect_uri: redirectUri,
        scope: scope ?? 'openid profile',
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      }
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      return url.href
    },
    async exchange(code, redirectUri, verifier) {
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
      const { access_token: token } = await post(await endpoint('token_endpoint'), form)
      if (typeof token !== 'string') throw unauthorized()
      return token
    },
  }
}

async function callJson(url: string, init: RequestInit = {}): Promise<Claims> {
  const response = await send(url, init)
  if (response.status === 400 || response.status === 401) throw unauthorized()
  if (!response.ok) throw new Error(`${url} of the identity provider returned ${response.status}`)
  return (await response.json()) as Claims
}

/** Redirects are errors: the client's secret is for this address. */
function send(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(limitMs) })
}
