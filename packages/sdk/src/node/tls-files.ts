import { createPrivateKey, X509Certificate } from 'node:crypto'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { TlsSettings } from '../config/cloud-settings.js'
import { ConfigError } from '../errors/config-errors.js'
import { isPemText, pemFault, type PemKind, unfoldedPem } from './pem.js'
import { decodedText } from '../platform/decoded-text.js'
import { FileRefused } from './guarded-file.js'
import { readNamedBytes } from './named-file.js'

/** Ten times the size of all public authorities. */
const longestPem = 4 * 1024 * 1024

/**
 * Reads the files that the TLS settings name; a setting may also be the PEM text itself.
 * @throws ConfigError for a file that cannot be read, and for one that is not a certificate or key, describing what it
 * is
 */
export async function readTlsFiles(
  tls: TlsSettings,
): Promise<{ ca?: string; cert?: string; key?: string; insecure: boolean }> {
  const { insecure } = tls
  if (tls.key !== undefined && tls.cert === undefined) {
    throw new ConfigError('a TLS key is configured without its certificate', {
      hint: 'set cert (OS_CERT) too',
    })
  }
  const named = (setting: 'cacert' | 'cert' | 'key') => {
    const origin = tls.origins?.[setting]
    return origin === undefined ? setting : `${setting} (${origin})`
  }
  const ca =
    tls.cacert === undefined || insecure ? {} : { ca: await readPem(tls.cacert, named('cacert'), 'certificate') }
  if (tls.cert === undefined) return { insecure, ...ca }
  const cert = await readPem(tls.cert, named('cert'), 'certificate')
  // Without `key`, the certificate's file contains both, as for requests and curl.
  const key = await readPem(tls.key ?? tls.cert, named(tls.key === undefined ? 'cert' : 'key'), 'key')
  refuseStrangers(cert, key)
  return { insecure, ...ca, cert, key }
}

async function readPem(value: string, setting: string, kind: PemKind): Promise<string> {
  if (isPemText(value)) {
    const text = unfoldedPem(value)
    refuseFault(Buffer.from(text), text, kind, `the text of ${setting}`, 'FILE')
    return text
  }
  const full = resolve(value.replace(/^~(?=\/|\\|$)/, homedir()))
  const bytes = await readNamedBytes(full, longestPem).catch((error: unknown) => {
    const why =
      error instanceof FileRefused ? `it ${error.reason}` : ((error as NodeJS.ErrnoException).code ?? String(error))
    throw new ConfigError(`${setting} names ${full}, which cannot be read (${why})`, { cause: error })
  })
  const text = decodedText(bytes)
  refuseFault(bytes, text, kind, `${setting} names ${full}, which`, full)
  return text
}

function refuseFault(bytes: Uint8Array, text: string, kind: PemKind, what: string, name: string): void {
  const found = pemFault(bytes, text, kind, name)
  if (found) throw new ConfigError(`${what} ${found.fault}`, { hint: found.hint })
}

/** Otherwise the server would only report that the handshake failed. */
function refuseStrangers(cert: string, key: string): void {
  let belongs: boolean
  try {
    belongs = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    // Deno cannot compare them; the handshake will fail if they do not match.
    return
  }
  if (!belongs) {
    throw new ConfigError('the TLS key does not belong to the certificate', {
      hint: 'the first certificate of cert (OS_CERT) is the one that key (OS_KEY) was made for',
    })
  }
}
