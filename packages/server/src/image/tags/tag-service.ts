import type { Caller } from '../../context.js'
import { requireOwner } from '../access/policy.js'
import { imageNotFound, notFound, quotaExceeded } from '../errors.js'
import type { Clock } from '../images/clock.js'
import { checkField } from '../images/fields/check-field.js'
import type { ImageRepository } from '../images/image-repository.js'
import type { ImageService } from '../images/image-service.js'

/** The tags of an image, one at a time (glance/api/v2/image_tags.py). */
export interface TagService {
  /** Adding a tag that is there changes nothing. */
  add(caller: Caller, imageId: string, tag: string): void
  /** @throws not-found when the image does not carry it */
  remove(caller: Caller, imageId: string, tag: string): void
}

interface TagServiceParts {
  readonly images: ImageService
  readonly repository: ImageRepository
  /** The most tags of one image. */
  readonly quota: number
  readonly clock: Clock
}

export function createTagService({ images, repository, quota, clock }: TagServiceParts): TagService {
  const save = (image: Parameters<ImageRepository['save']>[0], tags: readonly string[]) => {
    if (!repository.save({ ...image, tags }, clock())) throw imageNotFound(image.id)
  }
  return {
    add(caller, imageId, tag) {
      checkField('tags', [tag])
      const image = images.get(caller, imageId)
      requireOwner(caller, image, 'modify_image')
      const tags = [...new Set([...image.tags, tag])].sort()
      if (tags.length > quota) throw quotaExceeded('tags', tags.length, quota)
      save(image, tags)
    },
    remove(caller, imageId, tag) {
      const image = images.get(caller, imageId)
      requireOwner(caller, image, 'modify_image')
      if (!image.tags.includes(tag)) throw notFound('The resource could not be found.')
      save(
        image,
        image.tags.filter((each) => each !== tag),
      )
    },
  }
}
