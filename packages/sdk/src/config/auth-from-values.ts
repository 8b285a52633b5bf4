import type { AuthValues } from '../auth/auth-values.js'
import { identityUrl } from '../auth/identity-url.js'
import type { AuthMethod } from '../auth/methods/method.js'
import { authMethods, methodMeant, methodNamed, type AuthSettings } from '../auth/methods/index.js'
import { ConfigError } from '../errors/config-errors.js'
import { missingError, type Subject } from './missing-settings.js'
import { asList, asText, describeOrigin, flagOf, textOf, type Values } from './values.js'

/** @throws ConfigError naming what is missing or unknown, and where it was looked for */
export function authFromValues(values: Values, subject: Subject): AuthSettings {
  const authType = configuredType(values)
  return chooseMethod(values, authType).read(authValues(values, subject, authType))
}

/** Undefined when only the default sets it. */
function configuredType(values: Values): string | undefined {
  const setting = values.get('auth_type')
  if (setting === undefined || setting.origin.kind === 'default') return undefined
  return asText(setting.value) ?? 'none'
}

function chooseMethod(values: Values, authType: string | undefined): AuthMethod<AuthSettings> {
  if (authType === undefined) return methodMeant((key) => textOf(values, `auth.${key}`) !== undefined)
  const method = methodNamed(authType)
  if (method) return method
  const instead = others[authType.toLowerCase()]
  const supported = `supported: ${authMethods.flatMap(({ authTypes }) => authTypes).join(', ')}`
  throw new ConfigError(`the auth type ${authType}${placeOf(values, 'auth_type')} is not supported`, {
    hint: instead === undefined ? supported : `${instead}; ${supported}`,
  })
}

const credential = 'create an application credential for programs'
const version2 = 'Identity API v2.0 was removed from OpenStack in 2018: use password or token'

/** The other plugins of keystoneauth1, and what to use instead of them. */
const others: Readonly<Record<string, string>> = {
  v2password: version2,
  v2token: version2,
  v3kerberos: credential,
  v3fedkerb: credential,
  v3oauth1: credential,
  v3oauth2clientcredential: credential,
  v3oauth2mtlsclientcredential: credential,
  v3samlpassword: `sign in with a browser (v3websso), or ${credential}`,
  v3adfspassword: `sign in with a browser (v3websso), or ${credential}`,
  v3tokenlessauth: credential,
}

function authValues(values: Values, subject: Subject, authType: string | undefined): AuthValues {
  const text = (key: string) => textOf(values, `auth.${key}`)
  const need = (...keys: readonly string[]) => {
    for (const key of keys) {
      const value = text(key)
      if (value !== undefined) return value
    }
    throw missingError(subject, values, keys)
  }
  return {
    authType: authType?.toLowerCase(),
    hasImageEndpoint: textOf(values, 'image_endpoint_override') !== undefined,
    text,
    need,
    flag: (key) => flagOf(values, `auth.${key}`),
    list: (key) => asList(values.get(`auth.${key}`)?.value).map(String),
    authUrl() {
      const url = need('auth_url')
      const { origin } = values.get('auth.auth_url') ?? {}
      identityUrl(url, origin && describeOrigin(origin))
      return url
    },
    wrong: (key, problem, hint) => new ConfigError(`${key}${placeOf(values, `auth.${key}`)} ${problem}`, { hint }),
  }
}

function placeOf(values: Values, key: string): string {
  const setting = values.get(key)
  return setting === undefined ? '' : ` (${describeOrigin(setting.origin)})`
}
