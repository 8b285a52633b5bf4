/** What went wrong, in the service's own words. The HTTP edge alone knows which status each of them is. */
export type FaultKind =
  | 'invalid'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'over-limit'
  | 'too-many-conditions'
  | 'unsupported-data'
  | 'unsatisfiable-range'
  | 'unexpected'

/** A refusal that the caller is told about: its message is safe to show. */
export class ImageFault extends Error {
  override readonly name = 'ImageFault'
  readonly kind: FaultKind

  constructor(kind: FaultKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

export const invalid = (message: string) => new ImageFault('invalid', message)
export const forbidden = (message: string) => new ImageFault('forbidden', message)
export const notFound = (message: string) => new ImageFault('not-found', message)
export const conflict = (message: string) => new ImageFault('conflict', message)
export const gone = (message: string) => new ImageFault('gone', message)
export const overLimit = (message: string) => new ImageFault('over-limit', message)

/** A role or ownership is missing (glance/common/exception.py `Forbidden`). */
export const notAuthorized = (action: string) => forbidden(`You are not authorized to complete ${action} action.`)
/** No such image, or none that the caller may see. */
export const imageNotFound = (id: string) => notFound(`No image found with ID ${id}`)
/** One of the per-image quotas is used up (glance/common/exception.py `ImagePropertyLimitExceeded` and its siblings). */
export const quotaExceeded = (what: 'properties' | 'tags' | 'members', attempted: number, maximum: number) =>
  overLimit(
    `The limit has been exceeded on the number of allowed image ${what}. Attempted: ${attempted}, Maximum: ${maximum}`,
  )
/** The value does not fit the schema document (glance/schema.py `Schema.validate`). */
export const schemaMismatch = (reason: string) => invalid(`Provided object does not match schema 'image': ${reason}`)
