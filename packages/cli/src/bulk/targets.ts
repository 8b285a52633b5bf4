import { type Cloud, type Image, NoMatchError, NoUniqueMatch, type UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { findImage } from '../resources/find-image.js'
import { readings } from '../selectors/describe.js'
import type { Reference } from '../selectors/parse-selector.js'
import { selectImages } from '../selectors/select-images.js'
import type { Selector } from '../selectors/selector.js'

/** An image that a command is to change, or why it is not known. */
export type Target =
  | { readonly reference: string; readonly image: Image; readonly isSelected: boolean }
  | { readonly reference: string; readonly error: unknown }

export interface Search {
  readonly scope: 'own' | 'visible'
  /** Whether the beginning of an id is enough. */
  readonly idPrefix: boolean
  /** Whether something is changed, so that a selector must not be the name of an image. */
  readonly isChange: boolean
}

/**
 * Finds all images before any of them is changed, each once.
 * @throws UsageError when what is not found is a selector with a mistake; NoUniqueMatch when an image has a selector as
 * its name
 */
export async function findTargets(
  context: Context,
  cloud: Cloud,
  references: readonly Reference[],
  search: Search,
): Promise<Target[]> {
  const targets: Target[] = []
  const seen = new Set<string>()
  for (const reference of references) {
    const found =
      reference.kind === 'selector'
        ? await select(context, cloud, reference.selector, search)
        : [await named(context, cloud, reference, search)]
    for (const target of found) {
      if ('image' in target && seen.has(target.image.id)) continue
      if ('image' in target) seen.add(target.image.id)
      targets.push(target)
    }
  }
  return targets
}

async function select(context: Context, cloud: Cloud, selector: Selector, search: Search): Promise<Target[]> {
  const { signal } = context
  for (const reading of readings(selector)) context.note(reading)
  const { text } = selector
  const [images, sameName] = await Promise.all([
    selectImages(cloud, selector, { scope: search.scope, signal }),
    search.isChange ? cloud.images.findAll(text, { signal }) : [],
  ])
  if (sameName.length > 0) throw isAlsoName(text, images.length, sameName)
  if (images.length === 0) context.note(`no image is selected by ${text}`)
  return images.map((image) => ({ reference: text, image, isSelected: true }))
}

function isAlsoName(text: string, selected: number, images: readonly Image[]): NoUniqueMatch {
  const ids = images.map(({ id }) => id)
  const error = new NoUniqueMatch(
    `${JSON.stringify(text)} is the name of ${ids.join(', ')}, and a selector of ${selected} images`,
    images.map(({ id, name }) => ({ id, name })),
  )
  error.hint = 'for the image use its id; for the selector write it with spaces or quotes, such as tag="ci"'
  return error
}

async function named(
  { signal }: Context,
  cloud: Cloud,
  { name, doubt }: { readonly name: string; readonly doubt?: UsageError },
  { idPrefix }: Search,
): Promise<Target> {
  try {
    return { reference: name, image: await findImage(cloud, name, signal, { idPrefix }), isSelected: false }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof NoMatchError && doubt) throw doubt
    return { reference: name, error }
  }
}
