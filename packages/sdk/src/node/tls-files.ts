import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { TlsSettings } from '../config/cloud-settings.js'
import { ConfigError } from '../errors/config-errors.js'
import { FileRefused, readGivenFile } from './steering-file.js'

/** Ten times what all public authorities take. */
const longestPem = 4 * 1024 * 1024

/** Reads the files that the TLS settings name. @throws ConfigError for one that cannot be read */
export async function readTlsFiles(
  tls: TlsSettings,
): Promise<{ ca?: string; cert?: string; key?: string; insecure: boolean }> {
  const { insecure } = tls
  if (tls.key !== undefined && tls.cert === undefined) {
    throw new ConfigError('a TLS key is configured without its certificate', { hint: 'set cert (OS_CERT) too' })
  }
  return {
    insecure,
    ...(tls.cacert === undefined || insecure ? {} : { ca: await readPem(tls.cacert, 'cacert') }),
    ...(tls.cert === undefined ? {} : { cert: await readPem(tls.cert, 'cert') }),
    // Without `key`, the certificate's file holds both, as for requests and curl.
    ...(tls.cert === undefined ? {} : { key: await readPem(tls.key ?? tls.cert, 'key') }),
  }
}

async function readPem(path: string, setting: string): Promise<string> {
  const full = resolve(path.replace(/^~(?=\/|\\|$)/, homedir()))
  try {
    return await readGivenFile(full, longestPem)
  } catch (error) {
    const why =
      error instanceof FileRefused ? `it ${error.reason}` : ((error as NodeJS.ErrnoException).code ?? String(error))
    throw new ConfigError(`${setting} names ${full}, which cannot be read (${why})`, { cause: error })
  }
}
