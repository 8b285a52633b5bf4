import type { MemberStatus } from '@tyrax/protocol'
import { path } from '../../http/path.js'
import { arrayAt, readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import { decodeMember, type ImageMember, setMemberStatus } from './membership.js'
import { ForbiddenError } from '../../errors/http-error.js'
import { UnsharableImage } from '../../errors/image-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { getImage } from '../images/get.js'

/**
 * The projects that an image is shared with: `images.members`. Projects are identified by id, in `add` also by name.
 */
export class ImageMembers {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /** Lists the projects that the image is shared with: the owner sees all members, a member only itself. */
  async list(image: ImageRef, options: CallOptions = {}): Promise<ImageMember[]> {
    const response = await this.#context.client.request({
      method: 'GET',
      path: path`/images/${imageId(image)}/members`,
      signal: options.signal,
    })
    return readJson(response, (body) => arrayAt(body, 'members').map(decodeMember))
  }

  /** Reads what one project has decided. @throws NotFoundError when it is not a member, or you may not see it */
  async get(image: ImageRef, projectId: string, options: CallOptions = {}): Promise<ImageMember> {
    const response = await this.#context.client.request({
      method: 'GET',
      path: path`/images/${imageId(image)}/members/${projectId}`,
      signal: options.signal,
    })
    return readJson(response, decodeMember)
  }

  /**
   * Shares the image with a project, which can use it immediately, and lists it after accepting it.
   * @example
   * await cloud.images.update(image, { visibility: 'shared' })
   * await cloud.images.members.add(image, partnerProjectId)
   * await partner.images.updateImageMember(image, 'accepted')
   * @param project An id in Keystone's format (32 hex digits, or a UUID) is used as it is. Anything else is looked up.
   * @throws UnsharableImage when the image is not `shared` or not yours; ConflictError when the project is already a
   * member
   * @throws NoMatchError for a project that does not exist or that you may not see, NoUniqueMatch when several have
   * that name
   */
  add(image: ImageRef, project: string, options: CallOptions = {}): Promise<ImageMember> {
    return addMember(this.#context, image, project, options)
  }

  /** Stops sharing with a project. @throws NotFoundError when the project is not a member */
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
   * Accepts, rejects or resets: allowed only to the member itself or an administrator.
   * @throws InvalidImageMemberStatus
   */
  setStatus(image: ImageRef, projectId: string, status: MemberStatus, options: CallOptions = {}): Promise<ImageMember> {
    return setMemberStatus(this.#context, image, projectId, status, options)
  }
}

/**
 * The id of a project that the caller passes by id or name. Text that looks like one of Keystone's ids is used as it
 * is: an owner may share with projects that it may not look up. Glance itself accepts any text, and creates a member
 * that can never accept.
 */
async function projectIdOf(context: ImageContext, project: string, signal: AbortSignal | undefined): Promise<string> {
  if (typeof project !== 'string' || project === '') {
    throw new UsageError('a member is a project, given by id or name; this one is empty')
  }
  if (!context.findProject || keystoneId.test(project)) return project
  return (await context.findProject(project, signal)).id
}
const keystoneId = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

/** POST /v2/images/{id}/members. 409: already a member. 413: too many members. */
async function addMember(
  context: ImageContext,
  image: ImageRef,
  project: string,
  options: CallOptions = {},
): Promise<ImageMember> {
  const id = imageId(image)
  const member = await projectIdOf(context, project, options.signal)
  try {
    const response = await context.client.request({
      method: 'POST',
      path: path`/images/${id}/members`,
      json: { member },
      signal: options.signal,
    })
    return await readJson(response, decodeMember)
  } catch (error) {
    if (error instanceof ForbiddenError) throw await whyForbidden(context, id, error, options)
    throw error
  }
}

/** A 403 has one of several causes; reading the image shows which. */
async function whyForbidden(
  context: ImageContext,
  id: string,
  error: ForbiddenError,
  options: CallOptions,
): Promise<Error> {
  const image = await getImage(context, id, options)
  if (image.visibility !== 'shared') {
    return new UnsharableImage(`the image ${id} is ${image.visibility}: only a shared image has members`, {
      cause: error,
      hint: "set visibility: 'shared' (--visibility shared) first",
    })
  }
  const me = context.projectId()
  if (image.owner !== null && me !== undefined && image.owner !== me) {
    return new UnsharableImage(`the image ${id} belongs to the project ${image.owner}: only its owner shares it`, {
      cause: error,
      hint: 'act as that project',
    })
  }
  return error
}
