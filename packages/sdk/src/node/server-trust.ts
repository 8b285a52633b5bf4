import { createHash } from 'node:crypto'
import type { ServerTrust } from '../auth/cache-key.js'
import type { ConnectionOptions } from './connection-options.js'
import { routeOf } from './dispatchers.js'
import { readNamedBytes } from './named-file.js'

const longestBundle = 16 * 1024 * 1024

/**
 * Everything that decides which server is trusted as `authUrl`, by content: a replaced file counts as another
 * authority. The secrets of a proxy are not included.
 * @param environment that of this process: Node itself reads trusted authorities from it
 * @throws ConfigError for a proxy setting that cannot be used
 */
export async function serverTrust(
  authUrl: string,
  options: ConnectionOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ServerTrust> {
  const isVerified = options.insecure !== true
  const url = URL.canParse(authUrl) ? new URL(authUrl) : undefined
  const proxy = url && routeOf(url, options).proxy
  // Plain HTTP has no certificates to verify.
  if (url?.protocol === 'http:' && !proxy) return { isVerified, means: '' }
  const extra = environment['NODE_EXTRA_CA_CERTS']
  const means = [
    options.ca,
    options.cert,
    options.key,
    proxy && `${proxy.protocol}//${proxy.username}@${proxy.host}`,
    extra && (await readNamedBytes(extra, longestBundle).then(sha256, () => extra)),
    environment['SSL_CERT_FILE'],
    environment['SSL_CERT_DIR'],
    // --use-openssl-ca, --use-system-ca.
    environment['NODE_OPTIONS'],
    ...process.execArgv,
  ]
  const text = JSON.stringify(means.map((each) => each ?? null))
  return { isVerified, means: sha256(text) }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
