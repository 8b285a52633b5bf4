import { applicationCredential } from './application-credential.js'
import { fixedEndpoint } from './fixed-endpoint.js'
import type { AuthMethod } from './method.js'
import { multiFactor } from './multi-factor.js'
import { password } from './password.js'
import { token } from './token.js'
import { totp } from './totp.js'

/** One line for a method. Where no `auth_type` is configured, the first one that the values mean is used. */
const factors = [password, applicationCredential, token, totp] as const

const methods = [...factors, multiFactor(factors), fixedEndpoint] as const

type Methods = (typeof methods)[number]

/** Whom to log in as: one of the methods of Keystone v3, or no Keystone at all. Exactly what a request needs, no more. */
export type AuthSettings = ReturnType<Methods['read']>

/** The options of all methods, by their names in `connect({ auth })`. */
export type AuthMethodOptions = Intersection<NonNullable<Methods['options']>>

type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never

/** Every way to log in. */
export const authMethods: readonly AuthMethod<AuthSettings>[] = methods

/** The way to log in with these settings. */
export function methodOf(auth: AuthSettings): AuthMethod<AuthSettings> {
  return authMethods.find(({ type }) => type === auth.type) ?? password
}

/** The method that an `auth_type` names, in any case. */
export function methodNamed(authType: string): AuthMethod<AuthSettings> | undefined {
  return authMethods.find(({ authTypes }) => authTypes.includes(authType.toLowerCase()))
}

/** The method that values without an `auth_type` mean. */
export function methodMeant(has: (key: string) => boolean): AuthMethod<AuthSettings> {
  return authMethods.find((method) => method.isMeant?.(has)) ?? password
}
