import { fixedEndpoint } from './fixed-endpoint.js'
import * as keystoneMethods from './keystone-methods.js'
import type { AuthMethod } from './method.js'
import { multiFactor } from './multi-factor.js'
import { password } from './password.js'

const factors = Object.values(keystoneMethods)

const methods = [...factors, multiFactor(factors), fixedEndpoint] as const

type Methods = (typeof methods)[number]

/** How to log in: with one of the methods of Keystone v3, or without Keystone. Exactly what a request needs. */
export type AuthSettings = ReturnType<Methods['read']>

/** The options of all methods, under their names in `connect({ auth })`. */
export type AuthMethodOptions = Intersection<NonNullable<Methods['options']>>

type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never

/** Every way to log in. */
export const authMethods: readonly AuthMethod<AuthSettings>[] = methods

const secretKeys: ReadonlySet<string> = new Set([
  ...methods.flatMap(({ secrets }: AuthMethod<AuthSettings>) => secrets.map(({ key }) => key)),
  'token',
  'authorization_code',
])

/** Whether the value of a key must not be shown: `password`, `auth.client_secret`. */
export function isSecretKey(key: string): boolean {
  return secretKeys.has(key.replace(/^auth\./, ''))
}

/** The login method for these settings. */
export function methodOf(auth: AuthSettings): AuthMethod<AuthSettings> {
  return authMethods.find(({ type }) => type === auth.type) ?? password
}

/** The method named by an `auth_type`, ignoring case. */
export function methodNamed(authType: string): AuthMethod<AuthSettings> | undefined {
  return authMethods.find(({ authTypes }) => authTypes.includes(authType.toLowerCase()))
}

/** The method that the values imply when there is no `auth_type`. */
export function methodMeant(has: (key: string) => boolean): AuthMethod<AuthSettings> {
  return authMethods.find((method) => method.isMeant?.(has)) ?? password
}
