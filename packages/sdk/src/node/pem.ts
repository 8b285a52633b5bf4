import { createPrivateKey, X509Certificate } from 'node:crypto'

/** What is wrong with a text or file that should be PEM; continues a sentence that begins with its name. */
export interface PemFault {
  readonly fault: string
  readonly hint: string
}

/** What a setting requires: certificates, or a private key. */
export type PemKind = 'certificate' | 'key'

/** Whether a value is PEM text rather than a file name. */
export function isPemText(value: string): boolean {
  return value.includes('-----BEGIN ')
}

/** Restores PEM whose lines YAML has folded into one, or whose line ends a variable contains as `\n`. */
export function unfoldedPem(text: string): string {
  return text
    .replaceAll(/(\\r)?\\n/g, '\n')
    .replaceAll(
      /(-----BEGIN ([A-Z0-9 ]+)-----)([A-Za-z0-9+/=\s]+)(-----END \2-----)\s*/g,
      (_, begin, __, body, end) => {
        const lines =
          String(body)
            .replaceAll(/\s+/g, '')
            .match(/.{1,64}/g) ?? []
        return `${[begin, ...lines, end].join('\n')}\n`
      },
    )
}

/**
 * Finds out why data does not fit a setting: OpenSSL would ignore it silently, or report an error that explains
 * nothing.
 * @param name the file name in the commands that hints suggest
 * @returns undefined when nothing is wrong
 */
export function pemFault(data: Uint8Array, text: string, kind: PemKind, name: string): PemFault | undefined {
  if (text.trim() === '') return { fault: 'is empty', hint: wanted[kind] }
  const labels = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label = '']) => label)
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)]
  if (labels.length > blocks.length) {
    return {
      fault: 'is cut off: a -----BEGIN line has no -----END line',
      hint: 'copy all of it',
    }
  }
  if (labels.length === 0) return binaryFault(data, text, kind, name)
  const fitting = blocks.filter(([, label = '']) => fits[kind].test(label))
  if (fitting.length === 0)
    return {
      fault: otherLabel(labels, kind),
      hint: labelHint(labels, kind, name),
    }
  return kind === 'key' ? keyFault(`${fitting[0]?.[0]}`, name) : certificateFault(fitting)
}

const wanted = {
  certificate: 'it holds certificates between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----',
  key: 'it holds a private key between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----',
} as const

const fits = {
  certificate: /^(TRUSTED |X509 )?CERTIFICATE$/,
  key: /PRIVATE KEY$/,
} as const

function certificateFault(blocks: readonly RegExpExecArray[]): PemFault | undefined {
  for (const [index, [block, label]] of blocks.entries()) {
    // Node cannot parse the data that OpenSSL appends to trusted certificates.
    if (label === 'TRUSTED CERTIFICATE') continue
    if (!canMake(() => new X509Certificate(block))) {
      return {
        fault: `has a damaged certificate (number ${index + 1})`,
        hint: 'copy it again',
      }
    }
  }
  return undefined
}

function keyFault(block: string, name: string): PemFault | undefined {
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(block)) {
    return {
      fault: 'is encrypted, and there is no way to give its passphrase',
      hint: `decrypt it into a file that only you can read: openssl pkey -in ${name} -out plain.pem`,
    }
  }
  if (canMake(() => createPrivateKey(block))) return undefined
  return {
    fault: 'has a damaged key, or one of a kind that is not supported',
    hint: `try openssl pkey -in ${name} -noout`,
  }
}

function otherLabel(labels: readonly string[], kind: PemKind): string {
  const [label = ''] = labels
  const what = label.endsWith('PRIVATE KEY')
    ? 'a private key'
    : /^(TRUSTED |X509 )?CERTIFICATE$/.test(label)
      ? 'a certificate'
      : (names[label] ?? label)
  return `holds ${what} and no ${kind === 'key' ? 'private key' : 'certificate'}`
}

const names: Readonly<Record<string, string>> = {
  PKCS7: 'a PKCS#7 bundle',
  CMS: 'a PKCS#7 bundle',
  'CERTIFICATE REQUEST': 'a certificate request',
  'NEW CERTIFICATE REQUEST': 'a certificate request',
  'PUBLIC KEY': 'a public key',
  'RSA PUBLIC KEY': 'a public key',
  'X509 CRL': 'a revocation list',
}

function labelHint(labels: readonly string[], kind: PemKind, name: string): string {
  if (labels.includes('PKCS7') || labels.includes('CMS')) return fromPkcs7(name, 'pem')
  return wanted[kind]
}

const fromPkcs7 = (name: string, form: 'pem' | 'der') =>
  `convert it with openssl pkcs7 -inform ${form} -print_certs -in ${name} -out ca.pem`

/** Object identifier of signed data (RFC 5652), the content type of a certificate bundle. */
const signedData = '06092a864886f70d010702'

function binaryFault(data: Uint8Array, text: string, kind: PemKind, name: string): PemFault {
  const own = derFault(data, kind, name)
  if (own) return own
  if (/^\s*<(!doctype|html|\?xml)/i.test(text)) return { fault: 'is a web page', hint: wanted[kind] }
  if (Buffer.from(data.subarray(0, 4)).toString('hex') === 'feedfeed') {
    return {
      fault: 'is a Java key store',
      hint: `convert it with keytool -exportcert -rfc -keystore ${name}`,
    }
  }
  const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)
  const inner = isBase64 ? derFault(Buffer.from(text, 'base64'), kind, name) : undefined
  if (inner) {
    const what = kind === 'key' ? 'PRIVATE KEY' : 'CERTIFICATE'
    return {
      fault: 'is base64 without the lines that begin and end PEM',
      hint: `put it between -----BEGIN ${what}----- and -----END ${what}-----`,
    }
  }
  return {
    fault: `holds no ${kind === 'key' ? 'private key' : 'certificate'} in PEM form`,
    hint: wanted[kind],
  }
}

function derFault(data: Uint8Array, kind: PemKind, name: string): PemFault | undefined {
  if (data[0] !== 0x30) return undefined
  // After the tag: the length in one byte, or the number of length bytes that follow.
  const start = 2 + ((data[1] ?? 0) > 0x80 ? (data[1] ?? 0) & 0x7f : 0)
  const first = Buffer.from(data.subarray(start, start + 11)).toString('hex')
  if (first.startsWith('020103')) {
    const what = kind === 'key' ? '-nocerts -nodes -out key.pem' : '-nokeys -out certificates.pem'
    return {
      fault: 'is PKCS#12, not PEM',
      hint: `convert it with openssl pkcs12 -in ${name} ${what}`,
    }
  }
  if (first.startsWith(signedData)) return { fault: 'is PKCS#7, not PEM', hint: fromPkcs7(name, 'der') }
  if (canMake(() => new X509Certificate(data))) {
    return {
      fault: 'is a certificate in DER form, not PEM',
      hint: `convert it with openssl x509 -inform der -in ${name} -out certificate.pem`,
    }
  }
  const isKey = (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) =>
    canMake(() => createPrivateKey({ key: Buffer.from(data), format: 'der', type })),
  )
  if (!isKey) return undefined
  return {
    fault: 'is a private key in DER form, not PEM',
    hint: `convert it with openssl pkey -inform der -in ${name} -out key.pem`,
  }
}

function canMake(make: () => unknown): boolean {
  try {
    make()
    return true
  } catch {
    return false
  }
}
