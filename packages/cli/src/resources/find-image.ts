import type { Cloud, Image } from '@tyrax/sdk'

interface How {
  /** Whether the beginning of an id is enough. @default true */
  readonly idPrefix?: boolean
}

/**
 * The image that the user names by its id, its name, or the beginning of its id.
 * @throws NoMatchError; NoUniqueMatch, with the candidates
 */
export function findImage(
  cloud: Pick<Cloud, 'images'>,
  reference: string,
  signal: AbortSignal,
  { idPrefix = true }: How = {},
): Promise<Image> {
  return cloud.images.find(reference, { idPrefix, signal })
}
