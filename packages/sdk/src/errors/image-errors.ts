import { TyraxError, UsageError } from './tyrax-error.js'

/** A member status that is none of pending, accepted, rejected. Nothing was sent. */
export class InvalidImageMemberStatus extends UsageError {
  override readonly name: string = 'InvalidImageMemberStatus'
}

/** The calling project is not a member of the image (its owner included), so it has no status to set. */
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

/** Several match where one was asked for; `candidates` lists them. */
export class NoUniqueMatch extends TyraxError {
  override readonly name: string = 'NoUniqueMatch'
  readonly candidates: readonly { id: string; name: string | null }[]

  constructor(message: string, candidates: readonly { id: string; name: string | null }[]) {
    super(message, { hint: 'use an id' })
    this.candidates = candidates
  }
}

/** The image is in a status in which this cannot be done, or went to one that ends the wait. */
export class ImageStatusError extends TyraxError {
  override readonly name: string = 'ImageStatusError'
  readonly status: string

  constructor(message: string, status: string, options?: ErrorOptions & { hint?: string }) {
    super(message, options)
    this.status = status
  }
}
