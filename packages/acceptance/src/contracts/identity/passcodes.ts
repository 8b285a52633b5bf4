import { createHmac } from 'node:crypto'

/** The number of the current passcode. */
export const stepNow = () => Math.floor(Date.now() / 30_000)

/** Passcodes change with the clock: work that began in one step and ended in another is repeated. */
export async function inOneStep<T>(work: (step: number) => Promise<T>): Promise<T> {
  for (;;) {
    const step = stepNow()
    const [outcome] = await Promise.allSettled([work(step)])
    if (stepNow() !== step) continue
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }
}

/** RFC 6238 with SHA-1 and six digits. */
export function passcodeAt(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const number = hash.readUInt32BE((hash[19] ?? 0) % 16) % 2 ** 31
  return String(number % 1_000_000).padStart(6, '0')
}

/** For 10 or 20 bytes, which need no padding. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return bits.replaceAll(/.{5}/g, (five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five, 2)))
}
