import { isConflict } from '../../errors/guards.js'
import { shown } from '../../errors/shown.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { CallOptions } from '../../service/call-options.js'
import { isEnded } from '../../transport/aborting.js'
import { deactivateImage, deleteImage } from '../images/actions.js'
import type { ImageContext } from '../images/context.js'
import type { Image } from '../images/image.js'
import { patchImage } from '../images/update.js'

/**
 * What becomes of images that another one of the same name replaces: `hide`, they keep their name and their servers, but
 * lists and lookups by name no longer show them; `rename`, their date is appended to the name; `deactivate`, hidden, and
 * their data can no longer be downloaded or booted; `delete`.
 */
export type Replacement = 'hide' | 'rename' | 'deactivate' | 'delete'

/** An image that was replaced. */
export interface ReplacedImage {
  readonly id: string
  readonly name: string | null
  /** What became of it; `kept`: nothing, for this reason. */
  readonly outcome: 'hidden' | 'renamed' | 'deactivated' | 'deleted' | 'kept'
  readonly reason?: string
}

const replacements: readonly unknown[] = ['hide', 'rename', 'deactivate', 'delete']

/** @throws UsageError */
export function checkReplacement(replace: Replacement | undefined): void {
  if (replace === undefined || replacements.includes(replace)) return
  throw new UsageError(`replace is ${shown(replace)}: it is hide, rename, deactivate or delete`)
}

/** Takes replaced images out of the way, one after the other. One that cannot be is reported, not thrown. */
export async function retireImages(
  context: ImageContext,
  images: readonly Image[],
  how: Replacement,
  options: CallOptions,
): Promise<ReplacedImage[]> {
  const retired: ReplacedImage[] = []
  for (const image of images) {
    try {
      retired.push(await retire(context, image, how, options))
    } catch (error) {
      if (isEnded(error)) throw error
      const reason = error instanceof Error ? error.message : String(error)
      retired.push({ id: image.id, name: image.name, outcome: 'kept', reason })
    }
  }
  return retired
}

async function retire(
  context: ImageContext,
  image: Image,
  how: Replacement,
  options: CallOptions,
): Promise<ReplacedImage> {
  const { id, name } = image
  if (how === 'rename') {
    const renamed = await patchImage(context, id, () => ({ name: datedName(image) }), options)
    return { id, name: renamed.name, outcome: 'renamed' }
  }
  if (how === 'delete') {
    if (image.protected) return { id, name, outcome: 'kept', reason: 'it is protected' }
    try {
      await deleteImage(context, id, options)
      return { id, name, outcome: 'deleted' }
    } catch (error) {
      if (!isConflict(error)) throw error
      await hide(context, id, options)
      return { id, name, outcome: 'hidden', reason: `it is in use: ${error.message}` }
    }
  }
  await hide(context, id, options)
  if (how === 'hide') return { id, name, outcome: 'hidden' }
  await deactivateImage(context, id, options)
  return { id, name, outcome: 'deactivated' }
}

const hide = (context: ImageContext, id: string, options: CallOptions): Promise<Image> =>
  patchImage(context, id, () => ({ osHidden: true }), options)

/** `debian-20260131T120000Z`. */
function datedName({ name, createdAt }: Image): string {
  const date = createdAt.toISOString().replace(/\.\d+Z$/, 'Z')
  return `${name ?? 'image'}-${date.replaceAll(/[-:]/g, '')}`
}
