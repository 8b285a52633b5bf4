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
import { withMarks } from './config/marks.js'
import { resolveConfig, type ConfigOptions, type ResolvedConfig } from './config/resolve-config.js'
import type { ConfigContext } from './config/search-path.js'
import { createNodePlatform } from './platform/node-platform.js'
import { createReceiveBuffers } from './receive-buffers.js'
import { serverTrust } from './server-trust.js'
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
  const buffers = createReceiveBuffers()
  const connection = { ...(await readTlsFiles(settings.tls)), proxy: options.proxy, env, buffers }
  const trust = await trustIn(settings, connection, options)
  const transport = options.transport ?? createUndiciTransport(connection)
  return createCloud({ settings, options, transport, trust, platform: createNodePlatform(buffers) })
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

function subjectOf({ cloud, searched, files }: ResolvedConfig): Subject {
  const environment = (key: string) => `OS_${key.toUpperCase()}`
  if (cloud !== undefined) {
    const file = files[0] ?? 'clouds.yaml'
    return {
      name: `the cloud ${cloud}`,
      searched,
      howToSet: (key) => `clouds.${cloud}.auth.${key} in ${file} or in secure.yaml`,
    }
  }
  if (searched.length > 0) return { name: 'the cloud of the OS_* variables', searched, howToSet: environment }
  return optionsSubject
}
