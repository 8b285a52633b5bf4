import { type MemberStatus, memberStatuses, type WireImageMember } from '@tyrax/protocol'
import { decodeTime } from '../../http/wire-time.js'
import { InvalidImageMember, InvalidImageMemberStatus } from '../../errors/image-errors.js'
import { path } from '../../http/path.js'
import { readJson } from '../../http/read-json.js'
import { ForbiddenError, NotFoundError } from '../../errors/http-error.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'

/** A project that an image is shared with. */
export interface ImageMember {
  readonly imageId: string
  /** The project's id. */
  readonly memberId: string
  readonly status: MemberStatus | (string & {})
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly schema: string
}

/** @throws Error when it is not a member */
export function decodeMember(wire: unknown): ImageMember {
  const { image_id, member_id, status, created_at, updated_at, schema } = (wire ?? {}) as WireImageMember
  if (typeof image_id !== 'string' || typeof member_id !== 'string')
    throw new Error('the response is not an image member')
  return {
    imageId: image_id,
    memberId: member_id,
    status,
    createdAt: decodeTime(created_at),
    updatedAt: decodeTime(updated_at),
    schema,
  }
}

/** @throws InvalidImageMemberStatus */
function checkMemberStatus(status: unknown): asserts status is MemberStatus {
  if ((memberStatuses as readonly unknown[]).includes(status)) return
  throw new InvalidImageMemberStatus(
    `The status value must be one of 'accepted', 'rejected', or 'pending'. Received: '${String(status)}'`,
  )
}

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
 * {@link setMemberStatus} for the calling project. Glance responds with 404 to a project that is not a member and with
 * 403 to the owner; both mean that there is no membership to decide on.
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
