import type { CallOptions } from '../../../service/call-options.js'
import type { ImageContext } from '../context.js'
import type { ImageUpdate } from '../patch.js'
import { patchImage } from '../update.js'
import { removeAfterFailure } from './after-failure.js'

/** What an image has only once its data is complete. */
type LateFields = Pick<ImageUpdate, 'protected' | 'osHidden' | 'properties'>

/**
 * Creates an image that is hidden and unprotected until it is complete, if another one of its name is to remain the only
 * one that is found until then. Nothing of it stays when the last step fails.
 */
export async function revealed<
  Fields extends { readonly protected?: boolean | undefined; readonly osHidden?: boolean | undefined },
  Made extends { readonly id: string },
>(
  context: ImageContext,
  fields: Fields,
  isHidden: boolean,
  options: CallOptions,
  create: (fields: Fields) => Promise<Made>,
): Promise<Made> {
  if (!isHidden) return create(fields)
  const made = await create({ ...fields, protected: false, osHidden: true })
  const { protected: isProtected = false, osHidden = false } = fields
  return { ...made, ...(await finish(context, made.id, { protected: isProtected, osHidden }, options)) }
}

/** The last change of a new image, which is removed when that fails. */
export async function finish(
  context: ImageContext,
  id: string,
  late: LateFields,
  options: CallOptions,
): Promise<Awaited<ReturnType<typeof patchImage>>> {
  try {
    return await patchImage(context, id, () => late, options)
  } catch (error) {
    await removeAfterFailure(context, id, error)
    throw error
  }
}
