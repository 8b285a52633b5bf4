import type { Logger } from '../http/logger.js'
import type { Secrets } from '../http/secrets.js'
import type { ProviderCall, ProviderResponse } from './oidc/provider-call.js'
import type { TokenGrant } from './token-grant.js'

/** How a login reaches a person. A program without a person leaves these out, and the login fails with a hint. */
export interface SignIn {
  /** Shows where to sign in, and the code to enter there: for `v3oidcdeviceauthz`. */
  readonly showCode?: ((code: DeviceCode) => void | Promise<void>) | undefined
  /** Opens a page in the person's browser: for `v3websso`, in Node. */
  readonly openPage?: ((url: string) => void | Promise<void>) | undefined
  /** Asks for the passcode that a user needs as well as the password. */
  readonly askPasscode?: (() => Promise<string>) | undefined
}

/** What a person needs to sign in on another device (RFC 8628). */
export interface DeviceCode {
  /** The page to open. */
  readonly url: string
  /** The same page with the code already filled in, if the provider has one. */
  readonly completeUrl: string | undefined
  /** The code to enter on the page. */
  readonly userCode: string
  /** When the code stops working, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** Waits on this machine for the form that a page posts at the end of a login in a browser. */
export type ReceiveForm = (wanted: WantedForm) => Promise<string>

export interface WantedForm {
  /** Where to listen: a name or an address of this machine. */
  readonly host: string
  readonly port: number
  readonly path: string
  /** The field of the form whose value is returned. */
  readonly field: string
  /** The origin of the page that posts the form. */
  readonly from: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Called when the form can arrive. */
  readonly start: () => void | Promise<void>
}

/** What a login can use besides Keystone. */
export interface LoginMeans {
  readonly signal: AbortSignal
  readonly secrets: Secrets
  readonly logger: Logger | undefined
  readonly signIn: SignIn
  /** Undefined where nothing can listen: outside Node. */
  readonly receiveForm: ReceiveForm | undefined
  readonly memory: LoginMemory
  /** One request to an identity provider. */
  send(call: ProviderCall): Promise<ProviderResponse>
}

/** What one login leaves for the next one of the same identity. */
export interface LoginMemory {
  /** Of the identity provider; only in this process. */
  refreshToken?: string | undefined
  /** An unscoped token that was kept for logins with any scope. */
  loadUnscoped?(): Promise<TokenGrant | undefined>
  saveUnscoped?(grant: TokenGrant): Promise<void>
}
