/** What a user can prove something with. Its secret has to be known as it is: a passcode is computed from it. */
export interface Credential {
  readonly id: string
  readonly userId: string
  readonly projectId: string | null
  /** `totp`, `cert`, …. */
  readonly type: string
  readonly blob: string
}
