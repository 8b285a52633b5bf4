import { ConfigError } from '../../errors/config-errors.js'
import { clientSecret } from '../oidc/oidc-client.js'
import type { AuthMethod } from './method.js'
import { oidcIdentity, oidcKeys, readOidc, signInWithGrant, type Oidc, type OidcOptions } from './oidc.js'

export interface OidcPasswordAuth extends Oidc {
  readonly type: 'oidcPassword'
  readonly username: string
  readonly password: string
  /** The form field in which the provider expects a passcode. */
  readonly otpField: string | undefined
  readonly passcode: string | undefined
}

export interface OidcPasswordOptions extends OidcOptions {
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** The form field in which the identity provider expects a passcode, for `v3oidcpassword`; often `totp`. */
  readonly idpOtpKey?: string | undefined
  readonly passcode?: string | undefined
}

/** A user's name and password at the identity provider (RFC 6749 section 4.3). */
export const oidcPassword: AuthMethod<OidcPasswordAuth, OidcPasswordOptions> = {
  type: 'oidcPassword',
  authTypes: ['v3oidcpassword'],
  keys: [...oidcKeys, 'username', 'password', 'idp_otp_key', 'passcode'],
  secrets: [{ key: 'password', with: ['username'] }, clientSecret],
  read: (values) => ({
    ...readOidc(values),
    type: 'oidcPassword',
    username: values.need('username'),
    password: values.need('password'),
    otpField: values.text('idp_otp_key'),
    passcode: values.text('passcode'),
  }),
  authenticate: (auth, keystone, means) =>
    signInWithGrant(auth, keystone, means, {
      type: 'password',
      async form() {
        const { username, password, openidScope, otpField } = auth
        const passcode = otpField === undefined ? {} : { [otpField]: await passcodeOf(auth, means.signIn.askPasscode) }
        return { username, password, scope: openidScope, ...passcode }
      },
    }),
  withoutScope: (auth) => ({ ...auth, scope: undefined }),
  secretsOf: (auth) => [auth.password, auth.clientSecret, auth.passcode],
  cacheIdentity: (auth) => oidcIdentity(auth, { username: auth.username }, auth.password),
}

async function passcodeOf({ passcode }: OidcPasswordAuth, ask: (() => Promise<string>) | undefined): Promise<string> {
  if (passcode !== undefined) return passcode
  if (ask) return ask()
  throw new ConfigError('the identity provider expects a passcode, and none is configured', {
    hint: 'set auth.passcode (OS_PASSCODE), or run the command on a terminal, where it is asked for',
  })
}
