import type { AccessRule } from '../../http/access-rules.js'

/** A separate password for a program, with some of its user's roles in one project. */
export interface ApplicationCredential {
  readonly id: string
  readonly userId: string
  readonly projectId: string
  readonly name: string
  readonly description: string | null
  readonly secretHash: string
  /** Names, implied ones included. */
  readonly roles: readonly string[]
  /** Milliseconds since 1970, the microseconds as a fraction; null: never. */
  readonly expiresAt: number | null
  readonly unrestricted: boolean
  /** The only requests that its tokens may make; empty: no restriction. */
  readonly accessRules: readonly AccessRule[]
}
