import type { Setting, Values } from '../../config/values.js'

type Env = Readonly<Record<string, string | undefined>>

/** In the order in which they are tried. */
const variables = ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE'] as const

/**
 * The file with authorities that the environment names for every program. requests, on which openstacksdk is built,
 * reads the first two variables (requests/sessions.py `merge_environment_settings`), OpenSSL the last.
 */
export function authoritiesOf(env: Env): { readonly name: string; readonly value: string } | undefined {
  for (const name of variables) {
    const value = env[name]
    if (value) return { name, value }
  }
  return undefined
}

/** Whether a setting comes from one of these variables: it was not made for this cloud. */
export function isForEveryProgram(origin: string | undefined): boolean {
  return variables.some((name) => name === origin)
}

/** Adds these authorities to a cloud that has none of its own. */
export function withAuthorities(values: Values, env: Env): Values {
  const own = values.get('cacert')?.value
  const found = own === undefined || own === null || own === '' ? authoritiesOf(env) : undefined
  if (!found) return values
  const setting: Setting = { value: found.value, origin: { kind: 'env', name: found.name } }
  return new Map([...values, ['cacert', setting]])
}
