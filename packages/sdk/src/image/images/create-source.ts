import { UsageError } from '../../errors/tyrax-error.js'
import type { StorageObject } from '../../object-store/storage-object.js'
import type { Source } from '../../sources/source.js'
import { type SourceLike, toSource } from '../../sources/to-source.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from './context.js'

/** Where a new image's data comes from; none of it: a record without data. */
export interface ImageDataParams {
  /** Wins over `obj`. */
  readonly data?: SourceLike | undefined
  /** The container of `obj`, when that is a name. */
  readonly container?: string | undefined
  /** An object in object storage: its name, with `container`, or the object itself. */
  readonly obj?: string | StorageObject | undefined
}

/** @throws UsageError for half a source; NotFoundError for an object that is not there */
export async function createSource(
  context: ImageContext,
  { data, container, obj }: ImageDataParams,
  options: CallOptions,
): Promise<Source | undefined> {
  // Data that is given is data, however empty it turns out to be.
  if (data !== undefined && data !== null) return toSource(data)
  if (obj === undefined && container === undefined) return undefined
  if (typeof obj === 'object' && obj !== null) return toSource(obj)
  if (typeof obj !== 'string' || obj === '') {
    throw new UsageError('container names no object to take the data from', { hint: "give its name as obj: 'name'" })
  }
  if (typeof container !== 'string' || container === '') {
    throw new UsageError(`the object ${obj} is in no container`, {
      hint: "give container: 'name', or the object itself",
    })
  }
  return context.objects.get(container, obj, options)
}
