import { TyraxError, UsageError } from './tyrax-error.js'

/** The member status is not pending, accepted or rejected. Nothing was sent. */
export class InvalidImageMemberStatus extends UsageError {
  override readonly name: string = 'InvalidImageMemberStatus'
}

/** The calling project is not a member of the image, so it has no member status to set. The owner is not one either. */
export class InvalidImageMember extends TyraxError {
  override readonly name: string = 'InvalidImageMember'
}

/** The image cannot be shared: its visibility is not `shared`, or it is not yours. */
export class UnsharableImage extends TyraxError {
  override readonly name: string = 'UnsharableImage'
}

/** Nothing matches. */
export class NoMatchError extends TyraxError {
  override readonly name = 'NoMatchError'
}

/** Several match where exactly one was expected; `candidates` lists them. */
export class NoUniqueMatch extends TyraxError {
  override readonly name: string = 'NoUniqueMatch'
  readonly candidates: readonly { id: string; name: string | null }[]

  constructor(message: string, candidates: readonly { id: string; name: string | null }[]) {
    super(message, { hint: 'use an id' })
    this.candidates = candidates
  }
}

/** The image's status does not allow the operation, or changed to one that ends the wait. */
export class ImageStatusError extends TyraxError {
  override readonly name: string = 'ImageStatusError'
  readonly status: string

  constructor(message: string, status: string, options?: ErrorOptions & { hint?: string }) {
    super(message, options)
    this.status = status
  }
}

/**
 * An import ended without success: the server reset the image to `queued`, or copied it to none or not all of the
 * required stores.
 */
export class ImportFailedError extends ImageStatusError {
  override readonly name: string = 'ImportFailedError'
  readonly imageId: string
  /** The stores that did not take the data, where the server names them. */
  readonly failedStores: readonly string[]
  /** The task of the import, and what it reports; absent where the server does not show it. */
  declare readonly taskId?: string
  declare readonly taskMessage?: string

  constructor(
    message: string,
    details: {
      status: string
      imageId: string
      failedStores?: readonly string[] | undefined
      taskId?: string | undefined
      taskMessage?: string | undefined
      hint?: string | undefined
    },
    options?: ErrorOptions,
  ) {
    super(message, details.status, { ...options, ...(details.hint !== undefined && { hint: details.hint }) })
    this.imageId = details.imageId
    this.failedStores = details.failedStores ?? []
    if (details.taskId !== undefined) this.taskId = details.taskId
    if (details.taskMessage !== undefined) this.taskMessage = details.taskMessage
  }
}

/** A field that an update was to change, and that another client has changed to something else meanwhile. */
export interface ImageFieldConflict {
  /** Its name; `properties.` precedes that of a custom property. */
  readonly field: string
  /** What the caller had read; null for a property that was absent. */
  readonly read: unknown
  readonly now: unknown
  readonly wanted: unknown
}

/** Another client changed the same fields of the image since the caller read it. Nothing was changed. */
export class ImageChangedError extends TyraxError {
  override readonly name: string = 'ImageChangedError'
  readonly imageId: string
  readonly conflicts: readonly ImageFieldConflict[]

  constructor(
    message: string,
    details: { imageId: string; conflicts: readonly ImageFieldConflict[] },
    options?: ErrorOptions,
  ) {
    super(message, { ...options, hint: "look at it again, or update with onConflict: 'overwrite'" })
    this.imageId = details.imageId
    this.conflicts = details.conflicts
  }
}

/** There is an image of this name already, and its data is different. Nothing was changed. */
export class ImageExistsError extends TyraxError {
  override readonly name: string = 'ImageExistsError'
  /** The images of this name. */
  readonly images: readonly { id: string; name: string | null }[]

  constructor(message: string, images: readonly { id: string; name: string | null }[], options?: { hint?: string }) {
    super(message, options)
    this.images = images
  }
}
