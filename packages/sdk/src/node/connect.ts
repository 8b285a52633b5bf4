import type { ReceiveForm } from '../auth/login-means.js'
import { authMethods } from '../auth/methods/index.js'
import type { ServerTrust } from '../auth/cache-key.js'
import { createCloud } from '../cloud/create-cloud.js'
import type { Cloud } from '../cloud/cloud.js'
import { optionsSubject } from '../config/explicit-settings.js'
import { refuseUnknownOptions } from '../config/option-table.js'
import type { Subject } from '../config/missing-settings.js'
import { settingsFromValues } from '../config/settings-from-values.js'
import type { CloudSettings } from '../config/cloud-settings.js'
import { throwIfAborted } from '../transport/aborting.js'
import type { ConnectionOptions } from './connection-options.js'
import type { ProxyEnvironment } from './proxy.js'
import { isForEveryProgram } from './config/authorities.js'
import { withMarks } from './config/marks.js'
import { resolveConfig, type ConfigOptions, type ResolvedConfig } from './config/resolve-config.js'
import type { ConfigContext } from './config/search-path.js'
import { createNodePlatform } from './platform/node-platform.js'
import { createGatheringBuffers } from './gathering-buffers.js'
import { createReceiveBuffers } from './receive-buffers.js'
import { needsCertificates, serverTrust } from './server-trust.js'
import { readTlsFiles } from './tls-files.js'
import { createUndiciTransport } from './undici-transport.js'

/** What `connect` takes. All of it is optional when clouds.yaml or `OS_*` provide the configuration. */
export interface ConnectOptions extends ConfigOptions {
  /** The URL of a proxy for all requests, or false for none. @default from `http_proxy`, `https_proxy`, `no_proxy` */
  readonly proxy?: string | false | undefined
  /** Where files and variables are looked for. @default this process's */
  readonly configContext?: ConfigContext | undefined
}

/**
 * Connects to a cloud: finds its configuration, logs in, and resolves when the project is known.
 * Close the result: it owns connections.
 * @example
 * import { connect } from '@tyrax/sdk'
 *
 * await using cloud = await connect({ cloud: 'mycloud' })
 * for await (const image of cloud.images.list()) console.log(image.name)
 * @throws UsageError for unknown option names
 * @throws NotConfiguredError, ConfigError naming what is missing and where it was looked for
 * @throws UnauthorizedError for wrong credentials; ConnectionError, TimeoutError
 */
export async function connect(options: ConnectOptions = {}): Promise<Cloud> {
  refuseUnknownOptions(options)
  throwIfAborted(options.signal)
  const config = await resolveConfig(options, options.configContext)
  const settings = checkConfig(config)
  for (const warning of config.warnings) options.logger?.warn(warning)
  try {
    return await connectWith(settings, options)
  } catch (error) {
    throw withMarks(error, config.values.values())
  }
}

async function connectWith(settings: CloudSettings, options: ConnectOptions): Promise<Cloud> {
  const env: ProxyEnvironment = options.configContext?.env ?? process.env
  const memory = { buffers: createReceiveBuffers(), gatheringBuffers: createGatheringBuffers() }
  const route = { proxy: options.proxy, env, ...memory }
  const connection = { ...(await readTls(settings, route)), ...route }
  const trust = await trustIn(settings, connection, options)
  const transport = options.transport ?? createUndiciTransport(connection)
  return createCloud({ settings, options, transport, trust, platform: createNodePlatform(memory), receiveForm })
}

/**
 * Checking all public authorities takes longer than listing images. Where a variable names them for every program, and
 * Keystone's URL is plain http, that waits until a connection needs them.
 */
async function readTls({ tls, auth }: CloudSettings, route: ConnectionOptions): Promise<ConnectionOptions> {
  const isPlain = 'authUrl' in auth && !needsCertificates(auth.authUrl, route)
  if (!isPlain || !isForEveryProgram(tls.origins?.cacert)) return readTlsFiles(tls)
  const caWhenNeeded = async () => (await readTlsFiles({ ...tls, cert: undefined, key: undefined })).ca
  return { ...(await readTlsFiles({ ...tls, cacert: undefined })), caWhenNeeded }
}

const receiveForm: ReceiveForm = async (wanted) => {
  const { receiveFormHere } = await import('./sign-in/receive-form.js')
  return receiveFormHere(wanted)
}

/** For a transport that the caller created, only the caller knows which servers it trusts. */
async function trustIn(
  { auth, tls }: CloudSettings,
  connection: ConnectionOptions,
  { transport }: ConnectOptions,
): Promise<ServerTrust> {
  if (auth.type === 'none' || transport) return { isVerified: !tls.insecure, means: 'a transport of the caller' }
  return serverTrust(auth.authUrl, connection)
}

/** The configuration as it will be used. @throws ConfigError naming what is missing and where it was looked for */
export function checkConfig(config: ResolvedConfig): CloudSettings {
  try {
    return settingsFromValues(config.values, subjectOf(config))
  } catch (error) {
    throw withMarks(error, config.values.values())
  }
}

/** The values that a variable may add to a cloud of a file. */
const secrets = new Set(authMethods.flatMap((method) => method.secrets.map(({ key }) => key)))

function subjectOf({ cloud, searched, files }: ResolvedConfig): Subject {
  const environment = (key: string) => `OS_${key.toUpperCase()}`
  if (cloud !== undefined) {
    const file = files[0] ?? 'clouds.yaml'
    return {
      name: `the cloud ${cloud}`,
      searched,
      howToSet: (key) =>
        `clouds.${cloud}.auth.${key} in ${file} or in secure.yaml${secrets.has(key) ? `, or ${environment(key)}` : ''}`,
    }
  }
  if (searched.length > 0) return { name: 'the cloud of the OS_* variables', searched, howToSet: environment }
  return optionsSubject
}
