import type { Metadata } from '../metadata.js'

export interface ContainerRecord {
  readonly name: string
  readonly metadata: Metadata
  readonly createdMs: number
  readonly objects: number
  readonly bytes: number
}

/** What listings show; reading the metadata of every row would take longer than all the rest. */
export type ListedContainer = Omit<ContainerRecord, 'metadata'>
