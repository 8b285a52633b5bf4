import { createCloud } from '../cloud/create-cloud.js'
import type { Cloud } from '../cloud/cloud.js'
import type { CloudOptions } from '../config/connect-options.js'
import { explicitSettings } from '../config/explicit-settings.js'
import { refuseUnknownOptions } from '../config/option-table.js'
import { throwIfAborted } from '../transport/aborting.js'
import { createFetchTransport } from './fetch-transport.js'
import { refuseNodeOptions } from './needs-node.js'
import { browserPlatform } from './platform/browser-platform.js'

/** What `connect` takes where there are no files and no environment: everything must be passed explicitly. */
export interface ConnectOptions extends CloudOptions {
  /**
   * Browsers cannot send a body while it is still being read. A Blob, a File or bytes are sent as they are, however
   * large; anything else (streams, URLs, data that is decompressed while it is read) is collected in memory first, up
   * to this number of bytes.
   * @default 268_435_456 (256 MiB)
   */
  readonly maxBufferedBytes?: number | undefined
}

/**
 * Connects to a cloud: logs in, and resolves when the project is known.
 * @example
 * import { connect } from '@tyrax/sdk/browser'
 *
 * const cloud = await connect({ auth: { authUrl, username, password, projectName } })
 * const { items } = await cloud.images.list({ limit: 10 })
 * await cloud.close()
 * @throws UsageError for options that only Node supports, such as `cloud`, and for unknown option names
 * @throws ConfigError naming what is missing
 * @throws UnauthorizedError for wrong credentials; ConnectionError, TimeoutError
 */
export async function connect(options: ConnectOptions): Promise<Cloud> {
  refuseNodeOptions(options)
  refuseUnknownOptions(options)
  throwIfAborted(options.signal)
  const settings = explicitSettings(options)
  const transport = options.transport ?? createFetchTransport({ maxBufferedBytes: options.maxBufferedBytes })
  // Server certificates are verified by the browser, or by the transport that the caller passed.
  const trust = { isVerified: true, means: options.transport ? 'a transport of the caller' : 'the browser' }
  return createCloud({ settings, options, transport, trust, platform: browserPlatform })
}
