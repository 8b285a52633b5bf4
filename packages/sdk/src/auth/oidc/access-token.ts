import { ConfigError } from '../../errors/config-errors.js'
import { MalformedResponseError } from '../../errors/connection-errors.js'
import { errorFromStatus, type HttpError, UnauthorizedError } from '../../errors/http-error.js'
import { stripHtml } from '../../http/strip-html.js'
import type { LoginMeans } from '../login-means.js'
import { discover, type Discovered } from './discovery.js'
import type { OidcClient } from './oidc-client.js'
import type { ProviderResponse } from './provider-call.js'

type Form = Readonly<Record<string, string | undefined>>

/** One way to get an access token (RFC 6749 section 4). */
export interface Grant {
  readonly type: string
  /** The fields of the token request. */
  form(discovered: Discovered): Promise<Form>
  /** Sends the token request. @default once */
  request?(send: (form: Form) => Promise<ProviderResponse>, form: Form): Promise<ProviderResponse>
}

/**
 * Gets an access token, or the id token if Keystone expects that one. If the provider issued a refresh token at the
 * last login of this process, it is used first.
 * @throws UnauthorizedError with what the provider reports; ConfigError when it does not offer the grant
 */
export async function accessToken(client: OidcClient, grant: Grant, means: LoginMeans): Promise<string> {
  const discovered = await discover(client, means)
  const { grantTypes } = discovered
  if (grantTypes && !grantTypes.includes(grant.type)) {
    throw new ConfigError(`the identity provider does not offer the grant ${grant.type}`, {
      hint: `it offers ${grantTypes.join(', ')}: choose the auth_type for one of these`,
    })
  }
  const url = discovered.endpoint('token_endpoint', client.accessTokenEndpoint)
  const send = (form: Form) => means.send({ url, ...clientFields(client, form) })
  const refreshed = await refresh(client, send, means)
  if (refreshed !== undefined) return refreshed
  const form = { grant_type: grant.type, ...(await grant.form(discovered)) }
  const response = await (grant.request?.(send, form) ?? send(form))
  if (response.status >= 300) throw providerError(response)
  return tokenIn(response, client, means)
}

/** A client with a secret proves it in a header, one without says who it is in the form. */
export function clientFields({ clientId, clientSecret }: OidcClient, form: Form) {
  return clientSecret === undefined
    ? { form: { client_id: clientId, ...form } }
    : { form, client: { id: clientId, secret: clientSecret } }
}

async function refresh(
  client: OidcClient,
  send: (form: Form) => Promise<ProviderResponse>,
  means: LoginMeans,
): Promise<string | undefined> {
  const { refreshToken } = means.memory
  if (refreshToken === undefined) return undefined
  const response = await send({ grant_type: 'refresh_token', refresh_token: refreshToken })
  if (response.status < 300) return tokenIn(response, client, means)
  means.memory.refreshToken = undefined
  return undefined
}

function tokenIn(response: ProviderResponse, { accessTokenType }: OidcClient, { memory }: LoginMeans): string {
  const { fields } = response
  const refreshToken = fields['refresh_token']
  if (typeof refreshToken === 'string') memory.refreshToken = refreshToken
  const token = fields[accessTokenType]
  if (typeof token === 'string' && token !== '') return token
  const { status, method, url } = response
  throw new MalformedResponseError(`${method} ${url} returned ${status} with no ${accessTokenType} in it`, {
    status,
    requestId: undefined,
    method,
    url,
  })
}

/** The error that a provider reports, as `error` and `error_description` (RFC 6749 section 5.2). */
export function providerError(response: ProviderResponse): HttpError {
  const { fields, ...details } = response
  const code = typeof fields['error'] === 'string' ? fields['error'] : undefined
  const description = typeof fields['error_description'] === 'string' ? stripHtml(fields['error_description']) : ''
  const said = [code, description].filter((each) => each !== undefined && each !== '').join(': ')
  const message = `the identity provider refused the login: ${said === '' ? `${details.url} returned ${details.status}` : said}`
  if (code === undefined && details.status !== 401) return errorFromStatus({ ...details, message })
  return new UnauthorizedError({ ...details, status: 401, message, code, hint: hints[code ?? 'invalid_client'] })
}

const hints: Readonly<Record<string, string>> = {
  invalid_client: 'client_id or client_secret is wrong',
  invalid_grant: 'the user, the password or the code is wrong, or no longer valid',
  unauthorized_client: 'the client is not allowed to sign in this way: ask who runs the identity provider',
  unsupported_grant_type: 'the identity provider does not offer this way to sign in: choose another auth_type',
  invalid_scope: 'the identity provider does not know what openid_scope asks for',
  access_denied: 'the sign-in was denied',
  expired_token: 'the code was not entered in time: try again',
}
