import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'

/** Small on purpose: this cloud is for development, and its start hashes every configured password. */
const cost = 512

/** `scrypt:<cost>:<salt>:<hash>` of a password or secret. */
export function hashSecret(secret: string): string {
  const salt = randomBytes(16)
  return `scrypt:${cost}:${salt.toString('hex')}:${scryptSync(secret, salt, 32, { N: cost }).toString('hex')}`
}

export function isSecret(secret: string, stored: string): boolean {
  const [, N = '', salt = '', hash = ''] = stored.split(':')
  const wanted = Buffer.from(hash, 'hex')
  return timingSafeEqual(scryptSync(secret, Buffer.from(salt, 'hex'), wanted.length, { N: Number(N) }), wanted)
}
