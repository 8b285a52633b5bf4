import { createHash, randomBytes } from 'node:crypto'

/** A user of the provider. */
export interface OidcUser {
  readonly username: string
  readonly password: string
  /** The passcode that a login with a password must have as well, in the field `totp`. */
  readonly totp?: string | undefined
  /** What userinfo reports, as well as `sub` and `preferred_username`. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
}

/** A client; without a secret it is a public one. */
export interface OidcClient {
  readonly id: string
  readonly secret?: string | undefined
}

/** A token, a code or a device code that was issued. */
export interface Issued {
  readonly clientId: string
  /** Undefined for a client's own token. */
  readonly username: string | undefined
  readonly scope: string
  readonly expiresAt: number
  readonly challenge?: { readonly method: string; readonly value: string } | undefined
  readonly redirectUri?: string | undefined
}

/** A person who has been asked to enter a code. */
export interface DeviceRequest {
  readonly clientId: string
  readonly scope: string
  readonly challenge: Issued['challenge']
  state: 'pending' | 'denied' | 'expired' | { readonly username: string }
  /** Polls that are answered with slow_down before anything else. */
  slowDowns: number
}

/** A new secret text. */
export const fresh = (): string => randomBytes(24).toString('base64url')

/** Whether the verifier belongs to the challenge that came first (RFC 7636). */
export function isVerified(challenge: Issued['challenge'], verifier: string | undefined): boolean {
  if (challenge === undefined) return true
  if (verifier === undefined) return false
  const made = challenge.method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url')
  return made === challenge.value
}
