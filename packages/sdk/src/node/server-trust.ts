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
  if (!needsCertificates(authUrl, options)) return { isVerified, means: '' }
  const proxy = URL.canParse(authUrl) ? routeOf(new URL(authUrl), options).proxy : undefined
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

/**
 * Plain HTTP without a proxy has no certificates to verify.
 * @throws ConfigError for a proxy setting that cannot be used
 */
export function needsCertificates(authUrl: string, options: ConnectionOptions): boolean {
  const url = URL.canParse(authUrl) ? new URL(authUrl) : undefined
  return url?.protocol !== 'http:' || routeOf(url, options).proxy !== undefined
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
