import { homedir } from 'node:os'
import { type ConfigContext, type ConnectOptions, UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import type { Globals } from '../command/globals.js'
import { withoutUndefined } from '../command/option.js'
import { readSecret } from '../input/stdin.js'

/** Which cloud to use, according to flags; environment and clouds.yaml supply the rest. Flags win. */
export async function connectOptions(context: Context): Promise<ConnectOptions> {
  const { globals, env } = context
  const secret = globals.passwordStdin ? await readSecret(context) : undefined
  const isCredential =
    (globals.osApplicationCredentialId ?? globals.osApplicationCredentialName) !== undefined ||
    env['OS_APPLICATION_CREDENTIAL_ID'] !== undefined
  const auth = withoutUndefined({
    authUrl: globals.osAuthUrl,
    username: globals.osUsername,
    userId: globals.osUserId,
    userDomainName: globals.osUserDomainName,
    userDomainId: globals.osUserDomainId,
    projectName: globals.osProjectName,
    projectId: globals.osProjectId,
    projectDomainName: globals.osProjectDomainName,
    projectDomainId: globals.osProjectDomainId,
    applicationCredentialId: globals.osApplicationCredentialId,
    applicationCredentialName: globals.osApplicationCredentialName,
    password: isCredential ? undefined : secret,
    applicationCredentialSecret: isCredential ? secret : undefined,
  })
  return withoutUndefined({
    cloud: globals.osCloud,
    auth: Object.keys(auth).length > 0 ? auth : undefined,
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
