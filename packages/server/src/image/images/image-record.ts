import type { KnownImageStatus, Visibility } from '@tyrax/protocol'

/** An image as it is stored, under Glance's own names. Times are microseconds since 1970. */
export interface ImageRecord {
  readonly id: string
  readonly name: string | null
  readonly status: KnownImageStatus
  readonly visibility: Visibility
  readonly protected: boolean
  readonly os_hidden: boolean
  readonly checksum: string | null
  readonly os_hash_algo: string | null
  readonly os_hash_value: string | null
  readonly owner: string | null
  readonly size: number | null
  readonly virtual_size: number | null
  readonly container_format: string | null
  readonly disk_format: string | null
  readonly min_disk: number
  readonly min_ram: number
  readonly created_at: number
  readonly updated_at: number
  readonly tags: readonly string[]
  readonly properties: Readonly<Record<string, string>>
  readonly locations: readonly ImageLocation[]
}

/** One copy of an image's bytes. */
interface ImageLocation {
  /** Null where the cloud has a single, unnamed store. */
  readonly store: string | null
  readonly blobKey: string
}
