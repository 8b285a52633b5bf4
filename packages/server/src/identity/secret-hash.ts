import { randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto'

/** Small on purpose: this cloud is for development, and it hashes every configured password at start. */
const cost = 512

/** `scrypt:<cost>:<salt>:<hash>` of a password or secret. */
export function hashSecret(secret: string): string {
  const salt = randomBytes(16)
  return `scrypt:${cost}:${salt.toString('hex')}:${scryptSync(secret, salt, 32, { N: cost }).toString('hex')}`
}

/** Synchronous: only for the start, when no request is waiting yet. */
export function isSecret(secret: string, stored: string): boolean {
  const { cost, salt, hash } = parse(stored)
  return timingSafeEqual(scryptSync(secret, salt, hash.length, { N: cost }), hash)
}

/** Runs on another thread, so that logins do not keep other requests waiting. */
export async function proveSecret(secret: string, stored: string): Promise<boolean> {
  const { cost, salt, hash } = parse(stored)
  const made = await new Promise<Buffer>((resolve, reject) => {
    scrypt(secret, salt, hash.length, { N: cost }, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
  return timingSafeEqual(made, hash)
}

function parse(stored: string): { readonly cost: number; readonly salt: Buffer; readonly hash: Buffer } {
  const [, cost = '', salt = '', hash = ''] = stored.split(':')
  return { cost: Number(cost), salt: Buffer.from(salt, 'hex'), hash: Buffer.from(hash, 'hex') }
}
