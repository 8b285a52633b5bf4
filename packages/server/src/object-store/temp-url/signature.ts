import { createHmac, timingSafeEqual } from 'node:crypto'
import { tempUrlDigests } from '../limits.js'

type Digest = (typeof tempUrlDigests)[number]

/** A signature and the digest it was made with. */
export interface Signature {
  readonly digest: Digest
  readonly hex: string
}

/** Parses hex, or `<digest>:<base64>`; undefined for anything else (swift/common/digest.py
 * `extract_digest_and_algorithm`). */
export function parseSignature(text: string): Signature | undefined {
  const colon = text.indexOf(':')
  if (colon < 0) {
    const digest = { 40: 'sha1', 64: 'sha256', 128: 'sha512' }[text.length]
    return digest !== undefined && /^[0-9a-f]+$/i.test(text) ? { digest: digest as Digest, hex: text } : undefined
  }
  const digest = tempUrlDigests.find((each) => each === text.slice(0, colon))
  const base64 = text.slice(colon + 1).replace(/=+$/, '')
  if (digest === undefined || !/^(?:[\w-]+|[A-Za-z0-9+/]+)$/.test(base64)) return undefined
  return { digest, hex: Buffer.from(base64, 'base64').toString('hex') }
}

/** Whether the signature is that of the text with the key. The time that it takes tells nothing about the right one. */
export function isSignatureOf({ digest, hex }: Signature, text: string, key: string): boolean {
  const right = Buffer.from(createHmac(digest, key).update(text).digest('hex'))
  const given = Buffer.from(hex)
  return given.length === right.length && timingSafeEqual(given, right)
}
