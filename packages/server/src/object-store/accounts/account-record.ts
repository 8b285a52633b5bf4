import type { Metadata } from '../metadata.js'

export interface AccountRecord {
  readonly name: string
  readonly metadata: Metadata
  readonly createdMs: number
  readonly containers: number
  readonly objects: number
  readonly bytes: number
}
