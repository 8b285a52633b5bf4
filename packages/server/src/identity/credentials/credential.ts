/** A credential that a user can log in with. Its secret is stored unhashed, because passcodes are computed from it. */
export interface Credential {
  readonly id: string
  readonly userId: string
  readonly projectId: string | null
  /** `totp`, `ec2`, `cert`, …. */
  readonly type: string
  readonly blob: string
}
