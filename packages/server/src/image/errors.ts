import { Refusal } from '../refusal.js'

export const invalid = (message: string) => new Refusal('invalid', message)
export const forbidden = (message: string) => new Refusal('forbidden', message)
export const notFound = (message: string) => new Refusal('not-found', message)
export const conflict = (message: string) => new Refusal('conflict', message)
export const gone = (message: string) => new Refusal('gone', message)
export const overLimit = (message: string) => new Refusal('over-limit', message)

/** A role or ownership is missing (glance/common/exception.py `Forbidden`). */
export const notAuthorized = (action: string) => forbidden(`You are not authorized to complete ${action} action.`)
/** The image does not exist, or the caller may not see it. */
export const imageNotFound = (id: string) => notFound(`No image found with ID ${id}`)
/** One of the per-image quotas is used up (glance/common/exception.py `ImagePropertyLimitExceeded` and its siblings). */
export const quotaExceeded = (
  what: 'properties' | 'tags' | 'members' | 'locations',
  attempted: number,
  maximum: number,
) =>
  overLimit(
    `The limit has been exceeded on the number of allowed image ${what}. Attempted: ${attempted}, Maximum: ${maximum}`,
  )
/** The value does not fit the schema document (glance/schema.py `Schema.validate`). */
export const schemaMismatch = (reason: string) => invalid(`Provided object does not match schema 'image': ${reason}`)
