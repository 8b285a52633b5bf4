import type { Caller } from '../../context.js'
import { requireOwner } from '../access/policy.js'
import { imageNotFound, notFound, quotaExceeded } from '../errors.js'
import { checkField } from '../images/fields/check-field.js'
import type { ImageRecord } from '../images/image-record.js'
import type { ImageParts } from '../parts.js'

/** The tags of an image, one at a time (glance/api/v2/image_tags.py). */
export interface TagService {
  /** Adding a tag that the image already has changes nothing. */
  add(caller: Caller, imageId: string, tag: string): void
  /** @throws not-found when the image does not have the tag */
  remove(caller: Caller, imageId: string, tag: string): void
}

type TagServiceParts = Pick<ImageParts, 'images' | 'repository' | 'config' | 'fieldSchemas' | 'clock'>

export function createTagService({ images, repository, config, fieldSchemas, clock }: TagServiceParts): TagService {
  const quota = config.quotas.tags
  const save = (image: ImageRecord, tags: readonly string[]) => {
    if (!repository.save({ ...image, tags }, clock())) throw imageNotFound(image.id)
  }
  return {
    add(caller, imageId, tag) {
      checkField('tags', [tag], fieldSchemas)
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
