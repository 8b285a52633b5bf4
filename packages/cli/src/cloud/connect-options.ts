import { homedir } from 'node:os'
import { type AuthOptions, ConfigError, type ConfigContext, type ConnectOptions, UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import type { Globals } from '../command/globals.js'
import { withoutUndefined } from '../command/option.js'
import { optionOf } from './option-of.js'
import { readSecret } from '../input/stdin.js'

/** The flags whose names differ from those of the options of `connect`, or that are no options of `auth`. */
const otherFlags = new Set(['osCloud', 'osAuthType', 'osRegionName', 'osInterface', 'osCacert', 'osCert', 'osKey'])

/** Which cloud to use, according to flags; environment and clouds.yaml supply the rest. Flags win. */
export async function connectOptions(context: Context): Promise<ConnectOptions> {
  const { globals } = context
  const options = withoutUndefined({
    cloud: globals.osCloud,
    auth: authOf(globals),
    authType: globals.osAuthType,
    region: globals.osRegionName,
    interface: globals.osInterface,
    imageEndpointOverride: globals.osImageEndpointOverride,
    objectStoreEndpointOverride: globals.osObjectStoreEndpointOverride,
    cacert: globals.osCacert,
    cert: globals.osCert,
    key: globals.osKey,
    insecure: globals.insecure,
    configContext: configContext(context),
    signal: context.signal,
  })
  if (!globals.passwordStdin) return options
  const secret = { [await secretOption(options)]: await readSecret(context) }
  return { ...options, auth: { ...options.auth, ...secret } }
}

/** `--os-client-id` is `auth.clientId`. Undefined without any. */
function authOf(globals: Globals): AuthOptions | undefined {
  const { osAuthMethods, ...texts } = globals
  const auth: Record<string, unknown> = { ...(osAuthMethods && { authMethods: osAuthMethods.split(',') }) }
  for (const [flag, value] of Object.entries(texts)) {
    if (!flag.startsWith('os') || otherFlags.has(flag) || flag.endsWith('EndpointOverride')) continue
    if (value !== undefined) auth[flag.charAt(2).toLowerCase() + flag.slice(3)] = value
  }
  return Object.keys(auth).length > 0 ? auth : undefined
}

/** The option for what is read from standard input: the secret of the login method that is configured. */
async function secretOption(options: ConnectOptions): Promise<string> {
  const { authMethods, asText, resolveConfig } = await import('@tyrax/sdk/internal')
  const config = await resolveConfig(options, options.configContext).catch((error: unknown) => {
    // Connecting reports it.
    if (error instanceof ConfigError) return undefined
    throw error
  })
  const has = (key: string) => config?.values.has(key) ?? false
  const authType = asText(config?.values.get('auth_type')?.value)?.toLowerCase() ?? 'password'
  const isCredential = ['id', 'name'].some((end) => has(`auth.application_credential_${end}`))
  if (authType === 'password' && isCredential) return 'applicationCredentialSecret'
  const method = authMethods.find(({ authTypes }) => authTypes.includes(authType))
  return optionOf(method?.secrets[0]?.key ?? 'password')
}

/** Where the SDK looks for clouds.yaml and variables: in the command's environment, not the process's. */
export function configContext({ env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }): ConfigContext {
  return { env, cwd, home: env['HOME'] ?? homedir(), platform: process.platform }
}

/** Arguments appear in the process list and in the shell's history: secrets do not belong there. */
export function refuseSecrets(globals: Globals): void {
  const refused = [
    ['--os-password', globals.osPassword, 'OS_PASSWORD, --password-stdin or clouds.yaml'],
    ['--os-token', globals.osToken, 'OS_TOKEN'],
    ['--os-client-secret', globals.osClientSecret, 'OS_CLIENT_SECRET, --password-stdin or clouds.yaml'],
    ['--os-access-token', globals.osAccessToken, 'OS_ACCESS_TOKEN or --password-stdin'],
    ['--os-passcode', globals.osPasscode, 'OS_PASSCODE, or enter it on the terminal'],
    ['--os-code', globals.osCode, 'OS_CODE or --password-stdin'],
    [
      '--os-application-credential-secret',
      globals.osApplicationCredentialSecret,
      'OS_APPLICATION_CREDENTIAL_SECRET, --password-stdin or clouds.yaml',
    ],
  ] as const
  for (const [flag, value, instead] of refused) {
    if (value !== undefined) {
      throw new UsageError(`${flag} is refused: every user of this machine could read it in the process list`, {
        hint: `use ${instead}`,
      })
    }
  }
}
