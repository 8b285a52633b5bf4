/** How much of one limit is used. */
export interface QuotaUsage {
  /** null: there is no limit. */
  readonly limit: number | null
  readonly usage: number
}

/** What the project uses of the image service's limits; a limit that the cloud does not keep is absent. */
export interface ImageUsage {
  /** Data of all images, in MiB. */
  readonly imageSizeTotalMiB?: QuotaUsage
  /** Data that is staged for imports, in MiB. */
  readonly imageStageTotalMiB?: QuotaUsage
  /** The number of images. */
  readonly imageCountTotal?: QuotaUsage
  /** The number of images that are being uploaded or imported. */
  readonly imageCountUploading?: QuotaUsage
}
