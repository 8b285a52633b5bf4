import { createHmac, timingSafeEqual } from 'node:crypto'
import { unauthorized } from '../errors.js'
import { objectAt, optionalStringAt } from '../fields.js'
import { userAt, type AuthMethod } from './method.js'

/** Checks a passcode against the user's credentials of type totp (keystone/auth/plugins/totp.py, RFC 6238). */
export const totpMethod: AuthMethod = {
  name: 'totp',
  async prove(fields, parts) {
    const path = 'identity/totp/user'
    const given = objectAt(fields['user'], path)
    const user = userAt(given, path, parts)
    const passcode = optionalStringAt(given, 'passcode', path) ?? ''
    const secrets = parts.directory.credentials.list(user.id, 'totp').flatMap(({ blob }) => decodeBase32(blob) ?? [])
    const valid = secrets.flatMap((secret) => passcodesAt(secret, parts.now().getTime()))
    if (!valid.some((each) => isSame(each, passcode))) throw unauthorized()
    return { user }
  },
}

const stepMs = 30_000
/** `[totp] included_previous_windows`, as in a stock Keystone. */
const previousSteps = 1

function passcodesAt(secret: Buffer, time: number): string[] {
  const step = Math.floor(time / stepMs)
  return Array.from({ length: previousSteps + 1 }, (_, back) => passcodeOf(secret, step - back))
}

/** Six digits of an HMAC (RFC 4226 section 5.3). */
function passcodeOf(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigInt64BE(BigInt(step))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 0xf
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The shortest key that Keystone's library accepts (RFC 4226 section 4, R6). */
const leastBytes = 16

/** Takes upper case, with or without padding. Returns undefined for anything else: such a credential never logs in. */
function decodeBase32(text: string): Buffer | undefined {
  if (!/^[A-Z2-7]*=*$/.test(text)) return undefined
  const bytes: number[] = []
  let [bits, value] = [0, 0]
  for (const digit of text.replace(/=+$/, '')) {
    value = ((value << 5) | digits.indexOf(digit)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
  }
  return bytes.length < leastBytes ? undefined : Buffer.from(bytes)
}
