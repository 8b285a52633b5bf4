import type { Metadata } from '../metadata.js'

export interface AccountRecord {
  readonly name: string
  readonly metadata: Metadata
  readonly createdMs: number
  readonly containers: number
  readonly objects: number
  readonly bytes: number
  /** Whether it has ever had a container. */
  readonly hadContainers: boolean
  /** An account that was never written to is shown, but not stored. */
  readonly isStored: boolean
}
