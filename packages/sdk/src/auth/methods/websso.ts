import { ConfigError } from '../../errors/config-errors.js'
import { path } from '../../http/path.js'
import type { AuthValues } from '../auth-values.js'
import { identityUrl } from '../identity-url.js'
import type { LoginMeans } from '../login-means.js'
import { federatedKeys, readFederated, signInFederated, type Federated, type FederatedOptions } from './federated.js'
import type { AuthMethod } from './method.js'

export interface WebSsoAuth extends Federated {
  readonly type: 'webSso'
  readonly redirectHost: string
  readonly redirectPort: number
  readonly loginTimeoutMs: number
  /** Only a label: it keeps the tokens of several accounts apart. */
  readonly username: string | undefined
}

export interface WebSsoOptions extends FederatedOptions {
  /** Where Keystone's page sends the token: a name of this machine, for `v3websso`. @default 'localhost' */
  readonly redirectHost?: string | undefined
  /** @default 9990 */
  readonly redirectPort?: number | undefined
  /** Seconds that the person has to sign in. @default 60 */
  readonly loginTimeout?: number | undefined
  readonly username?: string | undefined
}

/** Keystone compares the address with its list of trusted dashboards, so the path is always the same. */
const callbackPath = '/auth/websso/'

/** A person signs in with a browser on this machine (keystoneauth1/identity/v3/websso.py). */
export const webSso: AuthMethod<WebSsoAuth, WebSsoOptions> = {
  type: 'webSso',
  authTypes: ['v3websso'],
  keys: [...federatedKeys, 'redirect_host', 'redirect_port', 'login_timeout', 'username'],
  secrets: [],
  read: (values) => ({
    ...readFederated(values),
    type: 'webSso',
    redirectHost: values.text('redirect_host') ?? 'localhost',
    redirectPort: readNumber(values, 'redirect_port', { least: 1, most: 65_535 }) ?? 9990,
    loginTimeoutMs: (readNumber(values, 'login_timeout', { least: 1, most: 86_400 }) ?? 60) * 1000,
    username: values.text('username'),
  }),
  authenticate: (auth, keystone, means) =>
    signInFederated(auth, keystone, means, async () => {
      const token = await tokenFromPage(auth, means)
      means.secrets.add(token)
      return keystone.validate(auth.authUrl, token, {
        message: 'the token that the browser brought is not valid',
        hint: 'sign in again',
      })
    }),
  withoutScope: (auth) => ({ ...auth, scope: undefined }),
  secretsOf: () => [],
  cacheIdentity: ({ identityProvider, protocol, scope, username }) => ({
    who: { identityProvider, protocol, scope, username },
    secret: '',
  }),
}

function tokenFromPage(auth: WebSsoAuth, { signIn, receiveForm, signal }: LoginMeans): Promise<string> {
  const { openPage } = signIn
  if (!receiveForm) {
    throw new ConfigError('v3websso needs Node: in a browser, nothing can wait for the token', {
      hint: 'use v3oidcdeviceauthz or an application credential',
    })
  }
  if (!openPage) {
    throw new ConfigError('v3websso needs a person with a browser, and there is none', {
      hint: 'run the command on a terminal, or pass signIn.openPage to connect; for programs, use an application credential',
    })
  }
  const { redirectHost: host, redirectPort: port } = auth
  const { v3 } = identityUrl(auth.authUrl)
  const where = path`/auth/OS-FEDERATION/identity_providers/${auth.identityProvider}/protocols/${auth.protocol}/websso`
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}${callbackPath}`
  return receiveForm({
    host,
    port,
    path: callbackPath,
    field: 'token',
    from: new URL(v3).origin,
    timeoutMs: auth.loginTimeoutMs,
    signal,
    start: () => openPage(`${v3}${where}?origin=${encodeURIComponent(origin)}`),
  })
}

function readNumber(values: AuthValues, key: string, { least, most }: { least: number; most: number }) {
  const text = values.text(key)
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isFinite(number) && number >= least && number <= most) return number
  throw values.wrong(key, `is not a number from ${least} to ${most}`)
}
