import { authMethods } from '../../auth/methods/index.js'
import type { Setting, Values } from '../../config/values.js'

/** These choose a cloud or a file, but do not describe a cloud (openstack/config/loader.py `_get_os_environ`). */
const selectors = new Set(['OS_CLOUD', 'OS_CLOUD_NAME', 'OS_CLIENT_CONFIG_FILE', 'OS_CLIENT_SECURE_FILE'])

/** The variables for user, project and cloud that all login methods share. */
const everyLogin = 'AUTH_URL|AUTH_TYPE|AUTH_TOKEN|URL|(PROJECT|TENANT)_(ID|NAME)'

const secretsOfMethods = authMethods.flatMap(({ secrets }) => secrets)
const ofMethods = variables(authMethods.flatMap(({ keys }) => keys))
const oneTime = variables(secretsOfMethods.flatMap(({ key, isOneTime }) => (isOneTime ? key : [])))

/** The variables that concern a client; other `OS_` variables belong to other programs. */
const known = new RegExp(
  `^OS_(${everyLogin}|${ofMethods}|AUTH_PLUGIN|(USER_|PROJECT_|DEFAULT_)?DOMAIN_(ID|NAME)|SYSTEM_SCOPE|REGION_NAME|INTERFACE|ENDPOINT_TYPE|CACERT|CERT|KEY|INSECURE|VERIFY|PROFILE|API_TIMEOUT|IDENTITY_API_VERSION|(IMAGE|OBJECT_STORE)_(ENDPOINT_OVERRIDE|ENDPOINT|ENDPOINT_TYPE|INTERFACE|REGION_NAME|API_VERSION))$`,
)

/** Credentials and auth URL: with one of these, the environment describes a cloud, at least partly. */
const credentials = new RegExp(`^OS_(?!(${oneTime})$)(${everyLogin}|${ofMethods})$`)

/** Secrets that a file may omit on purpose. */
const secrets = new RegExp(`^OS_(${variables(secretsOfMethods.map(({ key }) => key))})$`)

/** How to reach a cloud, whichever it is. */
const connection =
  /^OS_(REGION_NAME|INTERFACE|ENDPOINT_TYPE|CACERT|CERT|KEY|INSECURE|VERIFY|API_TIMEOUT|(IMAGE|OBJECT_STORE)_(ENDPOINT_OVERRIDE|ENDPOINT|ENDPOINT_TYPE|INTERFACE|REGION_NAME))$/

type Env = Readonly<Record<string, string | undefined>>

/** All values of the environment, as openstacksdk reads them: `OS_USERNAME` is `username`. */
export function envValues(env: Env): Values {
  return pick(env, known)
}

/** Every variable that may be meant for a client, including those that choose a cloud or a file. */
export function allMentioned(env: Env): Setting[] {
  return names(env)
    .filter((name) => known.test(name) || selectors.has(name))
    .map((name) => ({ value: env[name], origin: { kind: 'env', name } }))
}

/** The values that apply in addition to a cloud of a file: how to reach it. */
export function connectionValues(env: Env): Values {
  return pick(env, connection)
}

/** The values that may complete a cloud of a file that omits its secret. */
export function secretValues(env: Env): Values {
  return pick(env, secrets)
}

/** Whether the environment describes a cloud, at least partly. */
export function describesCloud(env: Env): boolean {
  return names(env).some((name) => credentials.test(name))
}

/** Whether any variable refers to a cloud, including those that choose one. */
export function mentionsCloud(env: Env): boolean {
  return names(env).some((name) => known.test(name) || selectors.has(name))
}

function pick(env: Env, wanted: RegExp): Values {
  const values = new Map<string, Setting>()
  for (const name of names(env)) {
    if (!wanted.test(name)) continue
    const key = name.slice('OS_'.length).toLowerCase()
    values.set(key, { value: env[name], origin: { kind: 'env', name } })
  }
  return values
}

/** An empty variable counts as not set: this is how shells clear variables. */
function names(env: Env): string[] {
  return Object.keys(env).filter((name) => name.startsWith('OS_') && env[name])
}

/** The names of the variables for these keys, as regular expression alternatives. */
function variables(keys: readonly string[]): string {
  return [...new Set(keys)].join('|').toUpperCase()
}
