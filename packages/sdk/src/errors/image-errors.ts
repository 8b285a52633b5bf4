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
