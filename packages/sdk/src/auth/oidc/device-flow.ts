import { ConfigError } from '../../errors/config-errors.js'
import { MalformedResponseError, ConnectionError } from '../../errors/connection-errors.js'
import { UnauthorizedError } from '../../errors/http-error.js'
import { sleep } from '../../retry/sleep.js'
import type { DeviceCode, LoginMeans } from '../login-means.js'
import { accessToken, clientFields, type Grant, providerError } from './access-token.js'
import type { OidcClient } from './oidc-client.js'
import { challengeOf, newVerifier, type ChallengeMethod } from './pkce.js'
import type { ProviderResponse } from './provider-call.js'

interface DeviceClient extends OidcClient {
  readonly deviceAuthorizationEndpoint: string | undefined
  readonly codeChallengeMethod: ChallengeMethod | undefined
}

interface StartedDevice {
  readonly deviceCode: string
  readonly shown: DeviceCode
  readonly intervalMs: number
}

/** A person signs in on another device, and enters a code there (RFC 8628). */
export function signInOnDevice(client: DeviceClient, means: LoginMeans): Promise<string> {
  return accessToken(client, deviceGrant(client, means), means)
}

function deviceGrant(client: DeviceClient, means: LoginMeans): Grant {
  const { showCode } = means.signIn
  let started: StartedDevice | undefined
  return {
    type: 'urn:ietf:params:oauth:grant-type:device_code',
    async form(discovered) {
      if (!showCode) {
        throw new ConfigError('v3oidcdeviceauthz needs a person who enters a code, and there is none', {
          hint: 'run the command on a terminal, or pass signIn.showCode to connect; for programs, use v3oidcclientcredentials or an application credential',
        })
      }
      const url = discovered.endpoint('device_authorization_endpoint', client.deviceAuthorizationEndpoint)
      const method = client.codeChallengeMethod
      const verifier = method && newVerifier()
      const challenge = method && verifier && (await challengeOf(method, verifier))
      const asked = clientFields(client, {
        // Some providers want it in the form even from a client with a secret.
        client_id: client.clientId,
        scope: client.openidScope,
        code_challenge_method: method,
        code_challenge: challenge,
      })
      const response = await means.send({ url, ...asked })
      if (response.status >= 300) throw providerError(response)
      started = startedIn(response)
      await showCode(started.shown)
      return { client_id: client.clientId, device_code: started.deviceCode, code_verifier: verifier }
    },
    async request(send, form) {
      return pollForToken(() => send(form), {
        intervalMs: started?.intervalMs ?? defaultIntervalMs,
        expiresAt: started?.shown.expiresAt ?? 0,
        now: Date.now,
        sleep: (ms) => sleep(ms, means.signal),
      })
    },
  }
}

interface Polling {
  readonly intervalMs: number
  readonly expiresAt: number
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** What a provider may have meant by `slow_down`: each adds this to the interval (RFC 8628 section 3.5). */
const slowDownMs = 5000

/** Repeats the token request until the person has signed in. @throws UnauthorizedError when the code expires first */
export async function pollForToken(
  send: () => Promise<ProviderResponse>,
  { intervalMs, expiresAt, now, sleep: wait }: Polling,
): Promise<ProviderResponse> {
  let interval = intervalMs
  let last: ProviderResponse | undefined
  while (now() < expiresAt) {
    await wait(interval)
    try {
      last = await send()
    } catch (error) {
      // A provider that cannot be reached is asked less often (RFC 8628 section 3.5).
      if (!(error instanceof ConnectionError)) throw error
      interval *= 2
      continue
    }
    const code = last.status < 300 ? undefined : last.fields['error']
    if (code === 'slow_down') interval += slowDownMs
    else if (code !== 'authorization_pending') return last
  }
  const { method = 'POST', url = '', headers = new Headers() } = last ?? {}
  throw new UnauthorizedError({
    status: 401,
    method,
    url,
    headers,
    message: 'the code expired before the sign-in was completed',
    hint: 'try again, and enter the code in time',
  })
}

const defaultIntervalMs = 5000

function startedIn({ fields, status, method, url }: ProviderResponse): StartedDevice {
  const { device_code: deviceCode, user_code: userCode, verification_uri: page } = fields
  if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || typeof page !== 'string') {
    const missing = `${method} ${url} returned ${status} without device_code, user_code or verification_uri`
    throw new MalformedResponseError(missing, { status, requestId: undefined, method, url })
  }
  const complete = fields['verification_uri_complete']
  const seconds = Number(fields['expires_in'] ?? 600)
  const interval = Number(fields['interval'] ?? Number.NaN)
  return {
    deviceCode,
    intervalMs: interval > 0 ? interval * 1000 : defaultIntervalMs,
    shown: {
      url: page,
      completeUrl: typeof complete === 'string' ? complete : undefined,
      userCode,
      expiresAt: Date.now() + (seconds > 0 ? seconds : 600) * 1000,
    },
  }
}
