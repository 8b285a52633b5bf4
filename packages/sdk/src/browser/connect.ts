import { createCloud } from '../cloud/create-cloud.js'
import type { Cloud } from '../cloud/cloud.js'
import type { CloudOptions } from '../config/connect-options.js'
import { explicitSettings } from '../config/explicit-settings.js'
import { refuseUnknownOptions } from '../config/option-table.js'
import { throwIfAborted } from '../transport/aborting.js'
import { createFetchTransport } from './fetch-transport.js'
import { refuseNodeOptions } from './needs-node.js'
import { browserPlatform } from './platform/browser-platform.js'

/** What `connect` takes where there are no files and no environment: everything is explicit. */
export interface ConnectOptions extends CloudOptions {
  /**
   * Browsers cannot send what is still being read. A Blob, a File or bytes are sent as they are, however large; anything
   * else (streams, URLs, what is decompressed on its way) is collected first, up to this many bytes.
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
 * @throws UsageError for options that only Node can keep, such as `cloud`, and for names that are no option; ConfigError naming what is missing
 * @throws UnauthorizedError for wrong credentials; ConnectionError, TimeoutError
 */
export async function connect(options: ConnectOptions): Promise<Cloud> {
  refuseNodeOptions(options)
  refuseUnknownOptions(options)
  throwIfAborted(options.signal)
  const settings = explicitSettings(options)
  const transport = options.transport ?? createFetchTransport({ maxBufferedBytes: options.maxBufferedBytes })
  // The browser decides whom to trust, or the caller that made the transport.
  const trust = { isVerified: true, means: options.transport ? 'a transport of the caller' : 'the browser' }
  return createCloud({ settings, options, transport, trust, platform: browserPlatform })
}
