import type { MemberStatus } from '@tyrax/protocol'
import { path } from '../../http/path.js'
import { arrayAt, readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import { addMember } from './add-member.js'
import { decodeMember, type ImageMember } from './member.js'
import { setMemberStatus } from './set-status.js'

/** With whom an image is shared: `images.members`. Projects are given by id, to `add` also by name. */
export class ImageMembers {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /** Lists with whom the image is shared: the owner sees all members, a member only itself. */
  async list(image: ImageRef, options: CallOptions = {}): Promise<ImageMember[]> {
    const response = await this.#context.client.request({
      method: 'GET',
      path: path`/images/${imageId(image)}/members`,
      signal: options.signal,
    })
    return readJson(response, (body) => arrayAt(body, 'members').map(decodeMember))
  }

  /** Reads what one project has decided. @throws NotFoundError when it is no member, or not yours to see */
  async get(image: ImageRef, projectId: string, options: CallOptions = {}): Promise<ImageMember> {
    const response = await this.#context.client.request({
      method: 'GET',
      path: path`/images/${imageId(image)}/members/${projectId}`,
      signal: options.signal,
    })
    return readJson(response, decodeMember)
  }

  /**
   * Shares the image with a project, which can use it at once and lists it once it has accepted.
   * @example
   * await cloud.images.update(image, { visibility: 'shared' })
   * await cloud.images.members.add(image, partnerProjectId)
   * await partner.images.updateImageMember(image, 'accepted')
   * @param project An id of Keystone's form (32 hex digits, or a UUID) is used as it is. Anything else is looked up.
   * @throws UnsharableImage when the image is not `shared` or not yours; ConflictError when it is a member already
   * @throws NoMatchError for a project that is not found or not yours to see, NoUniqueMatch when several have that name
   */
  add(image: ImageRef, project: string, options: CallOptions = {}): Promise<ImageMember> {
    return addMember(this.#context, image, project, options)
  }

  /** Ends sharing with a project. @throws NotFoundError when the project is no member */
  async remove(image: ImageRef, projectId: string, options: CallOptions = {}): Promise<void> {
    const response = await this.#context.client.request({
      method: 'DELETE',
      path: path`/images/${imageId(image)}/members/${projectId}`,
      signal: options.signal,
    })
    await response.discard()
  }

  /** The same as {@link ImageMembers.remove}. */
  delete(image: ImageRef, projectId: string, options: CallOptions = {}): Promise<void> {
    return this.remove(image, projectId, options)
  }

  /**
   * Accepts, rejects or resets: only the member itself may, or an administrator.
   * @throws InvalidImageMemberStatus
   */
  setStatus(image: ImageRef, projectId: string, status: MemberStatus, options: CallOptions = {}): Promise<ImageMember> {
    return setMemberStatus(this.#context, image, projectId, status, options)
  }
}
