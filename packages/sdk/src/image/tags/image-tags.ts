import { path } from '../../http/path.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import { checkTag } from '../images/image-values.js'
import { patchImage } from '../images/update.js'

/** Changes one tag at a time: `images.tags`. To set all of them at once: `images.update(image, { tags })`. */
export class ImageTags {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /** Adds a tag; adding one that is already there changes nothing. */
  async add(image: ImageRef, tag: string, options: CallOptions = {}): Promise<void> {
    checkTag(tag)
    if (!hasRoute(tag)) {
      await patchImage(this.#context, image, ({ tags }) => ({ tags: [...tags, tag] }), options)
      return
    }
    const response = await this.#context.client.request({
      method: 'PUT',
      path: path`/images/${imageId(image)}/tags/${tag}`,
      retry: { methods: ['PUT'] },
      signal: options.signal,
    })
    await response.discard()
  }

  /** Removes a tag. @throws NotFoundError when the image has no such tag, where the tag has a route of its own */
  async remove(image: ImageRef, tag: string, options: CallOptions = {}): Promise<void> {
    checkTag(tag)
    if (!hasRoute(tag)) {
      const without = (tags: readonly string[]) => tags.filter((one) => one !== tag)
      await patchImage(this.#context, image, ({ tags }) => ({ tags: without(tags) }), options)
      return
    }
    const response = await this.#context.client.request({
      method: 'DELETE',
      path: path`/images/${imageId(image)}/tags/${tag}`,
      signal: options.signal,
    })
    await response.discard()
  }

  /** The same as {@link ImageTags.remove}. */
  delete(image: ImageRef, tag: string, options: CallOptions = {}): Promise<void> {
    return this.remove(image, tag, options)
  }
}

/**
 * Whether the tag can be expressed in a path. One with `/` matches no route even when it is encoded; `.` and `..` are
 * resolved on the way; and Glance reads the bytes of a path as Latin-1 (PEP 3333), which garbles all but ASCII.
 */
function hasRoute(tag: string): boolean {
  return /^[\u0020-\u007e]*$/.test(tag) && !tag.includes('/') && tag !== '.' && tag !== '..'
}
