import { UsageError, type ConnectOptions } from '@tyrax/sdk'
import { endOnAbort } from '../images/source-of-file.js'
import type { Context } from '../context.js'
import { configContext } from './config-context.js'
import { withoutUndefined } from '../command/without-undefined.js'

/** Which cloud, as flags say; environment and clouds.yaml say the rest. Flags win. */
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

const longestSecret = 64 * 1024

/** The first line of standard input, without its end. */
async function readSecret({ surroundings, signal }: Context): Promise<string> {
  const { stdin } = surroundings
  endOnAbort(stdin, signal)
  let text = ''
  for await (const chunk of stdin) {
    text += String(chunk)
    if (text.includes('\n')) break
    if (text.length > longestSecret) {
      throw new UsageError('--password-stdin: the first line of standard input is too long for a password')
    }
  }
  return (text.split('\n')[0] ?? '').replace(/\r$/, '')
}
