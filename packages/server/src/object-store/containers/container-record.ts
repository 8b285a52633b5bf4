import type { Metadata } from '../metadata.js'

export interface ContainerRecord {
  readonly name: string
  readonly metadata: Metadata
  readonly createdMs: number
  readonly objects: number
  readonly bytes: number
}

/** The fields that listings show; reading the metadata of every row would take longer than everything else. */
export type ListedContainer = Omit<ContainerRecord, 'metadata'>
