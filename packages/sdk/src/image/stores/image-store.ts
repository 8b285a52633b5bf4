/** Where a cloud keeps the data of images. */
export interface ImageStore {
  readonly id: string
  readonly description?: string
  /** Takes data that names no store. */
  readonly isDefault: boolean
  /** Takes no data: only locations. */
  readonly isReadOnly: boolean
}

/** A store as administrators see it. */
export interface ImageStoreDetail extends ImageStore {
  /** The kind of store: `file`, `rbd`, `swift`, `s3`, `cinder`, `http`, … */
  readonly type?: string
  /** The store with the greatest weight is read first. */
  readonly weight?: number
  /** How the store is configured, as far as the server shows it. */
  readonly properties: Readonly<Record<string, unknown>>
}
