import type { MemberStatus } from '@tyrax/protocol'
import { path } from '../../http/path.js'
import { readJson } from '../../http/read-json.js'
import { ForbiddenError, NotFoundError } from '../../errors/http-error.js'
import { InvalidImageMember } from '../../errors/image-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import { decodeMember, type ImageMember } from './member.js'
import { checkMemberStatus } from './member-status.js'

/** PUT /v2/images/{id}/members/{project}: only the member itself, or an administrator. */
export async function setMemberStatus(
  context: ImageContext,
  image: ImageRef,
  projectId: string,
  status: MemberStatus,
  options: CallOptions = {},
): Promise<ImageMember> {
  checkMemberStatus(status)
  const response = await context.client.request({
    method: 'PUT',
    path: path`/images/${imageId(image)}/members/${projectId}`,
    json: { status },
    retry: { methods: ['PUT'] },
    signal: options.signal,
  })
  return readJson(response, decodeMember)
}

/**
 * {@link setMemberStatus} for the calling project. Glance answers 404 to a project that is no member and 403 to the
 * owner; both mean that there is no membership to decide on.
 */
export async function updateImageMember(
  context: ImageContext,
  image: ImageRef,
  status: MemberStatus,
  options: CallOptions = {},
): Promise<ImageMember> {
  checkMemberStatus(status)
  const id = imageId(image)
  const projectId = context.projectId()
  if (projectId === undefined) {
    throw new UsageError('the token has no project, so there is no membership to decide on', {
      hint: 'authenticate with a project scope, or use images.members.setStatus with the project',
    })
  }
  try {
    return await setMemberStatus(context, id, projectId, status, options)
  } catch (error) {
    const refused = error instanceof NotFoundError || error instanceof ForbiddenError
    if (!refused || (error instanceof ForbiddenError && (await isMember(context, id, projectId, options)))) throw error
    throw new InvalidImageMember(
      'The update member request could not be completed. No member request for that image was found.',
      {
        cause: error,
        hint: `the project ${projectId} is not a member of ${id}: act as the project that the image is shared with`,
      },
    )
  }
}

async function isMember(context: ImageContext, id: string, projectId: string, options: CallOptions): Promise<boolean> {
  try {
    const response = await context.client.request({
      method: 'GET',
      path: path`/images/${id}/members/${projectId}`,
      signal: options.signal,
    })
    await response.discard()
    return true
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof ForbiddenError) return false
    throw error
  }
}
